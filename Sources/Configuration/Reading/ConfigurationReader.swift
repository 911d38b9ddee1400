/// Takes assignments into a configuration and collects what there is to say about them.
struct ConfigurationReader: Sendable {
    /// The configuration so far.
    private(set) var configuration = ServerConfiguration()
    /// The problems so far.
    private(set) var problems: [ConfigurationProblem] = []
    private var latest: [String: Assignment] = [:]

    /// Takes assignments in order; later ones replace earlier ones, or add to them where a setting repeats.
    mutating func take(_ assignments: [Assignment]) {
        for assignment in assignments { take(assignment) }
    }

    /// Where each setting that was written was written last.
    var origins: [String: SettingOrigin] { latest.mapValues(\.origin) }

    /// Judges the configuration as a whole and fills in what follows from it, when nothing more is to be taken.
    mutating func finish() {
        let origins = origins
        problems += ConsistencyRule.all.compactMap { $0.problem(in: configuration, origins: origins) }
        configuration.fillInWhatIsImplied()
    }

    private mutating func take(_ assignment: Assignment) {
        let setting = assignment.setting
        let outcome = setting.apply(assignment.value, assignment.origin, &configuration)
        if outcome == .malformed {
            report(.error, assignment, "expected \(setting.expectation)" + found(in: assignment))
        } else {
            warnIfReplaced(by: assignment)
            reportStatus(of: assignment, turnedOff: outcome == .turnedOff)
            latest[setting.name] = assignment
        }
    }

    private func found(in assignment: Assignment) -> String {
        guard let value = assignment.value else { return ", found nothing" }
        return assignment.setting.isSecret ? "" : ", found \"\(value.printable)\""
    }

    /// A second line in the same file that says otherwise is a slip; the command line may overrule the file.
    private mutating func warnIfReplaced(by assignment: Assignment) {
        guard !assignment.setting.repeats, let earlier = latest[assignment.setting.name],
            earlier.value != assignment.value,
            case .file(_, let line) = earlier.origin, case .file = assignment.origin
        else { return }
        report(.warning, assignment, "replaces what line \(line) says")
    }

    private mutating func reportStatus(of assignment: Assignment, turnedOff: Bool) {
        let summary = assignment.setting.summary
        switch (assignment.setting.status, turnedOff) {
        case (.built, _), (.notBuilt, true), (.noEffect, true): break
        case (.notBuilt, false): report(.warning, assignment, "not built yet, no effect. \(summary)")
        case (.noEffect, false): report(.warning, assignment, "accepted, no effect. \(summary)")
        case (.always, false): report(.note, assignment, "not needed. \(summary)")
        case (.always, true): report(.warning, assignment, "cannot be turned off. \(summary)")
        }
    }

    private mutating func report(
        _ severity: ConfigurationProblem.Severity, _ assignment: Assignment, _ message: String
    ) {
        problems.append(
            ConfigurationProblem(severity, assignment.origin, option: assignment.setting.name, message))
    }
}
