/// The answer to `turnserver --check-config`: every problem at once, what differs from coturn, and the verdict.
struct CheckReport {
    private let loaded: LoadedConfiguration

    /// A report on a configuration.
    init(_ loaded: LoadedConfiguration) {
        self.loaded = loaded
    }

    /// The whole text, ending in a line feed.
    func render() -> String {
        var lines = loaded.problems.map(\.description)
        if !lines.isEmpty { lines.append("") }
        lines += ["What differs from coturn, as this configuration stands:"]
        lines += differences + ["", verdict]
        return lines.joined(separator: "\n") + "\n"
    }

    private var differences: [String] {
        SettingsTable.settings.flatMap { setting -> [String] in
            let origin = loaded.written[setting.name]
            guard let difference = setting.difference, difference.matters(isSet: origin != nil) else { return [] }
            let state = origin?.description ?? "not set" + (setting.defaultText.map { ": \($0)" } ?? "")
            return WrappedText(
                "\(setting.name) (\(state)). \(difference.text)", width: 96, first: "  ", rest: "    "
            ).lines
        }
    }

    private var verdict: String {
        let counts = "\(count(.error, "error")), \(count(.warning, "warning")), \(count(.note, "note"))"
        let file = loaded.file ?? "no file"
        return "\(file): \(counts). The server would \(loaded.isUsable ? "start" : "refuse to start")."
    }

    private func count(_ severity: ConfigurationProblem.Severity, _ word: String) -> String {
        let number = loaded.problems.count { $0.severity == severity }
        return "\(number) \(word)\(number == 1 ? "" : "s")"
    }
}
