/// A name that no setting has, and what may have been meant by it.
///
/// The line may hold a secret behind a name written badly (`static-auth-secret:...`), so only what looks like the name
/// of an option is ever shown.
struct UnknownOption {
    private let name: String
    private let isWholeName: Bool

    /// The name as written, with or without dashes in front.
    init(_ text: some Collection<UInt8>) {
        let text = text.drop { $0 == UInt8(ascii: "-") }
        let head = text.prefix(Self.longestName).prefix(while: Self.mayStandInName)
        name = String(decoding: head, as: UTF8.self)
        isWholeName = head.count == text.count
    }

    /// The error that says so.
    func problem(at origin: SettingOrigin) -> ConfigurationProblem {
        if SettingsTable.setting(named: name) != nil {
            let message =
                isWholeName ? "expected the name without dashes" : "expected a space or = behind the name"
            return ConfigurationProblem(.error, origin, option: name, message)
        }
        guard !name.isEmpty else {
            return ConfigurationProblem(.error, origin, "expected the name of an option")
        }
        let hint = suggestion.map { "; did you mean \($0)?" } ?? ""
        return ConfigurationProblem(.error, origin, option: name, "unknown option\(hint)")
    }

    /// The name of a setting that differs by a typing error or two.
    private var suggestion: String? {
        guard isWholeName else { return nil }
        return SettingsTable.settings.flatMap(\.names)
            .filter { abs($0.utf8.count - name.utf8.count) <= 3 }
            .map { (name: $0, distance: editDistance(name, $0)) }
            .filter { $0.distance <= max(1, min(3, $0.name.count / 4)) }
            .min { $0.distance < $1.distance }?.name
    }

    private static let longestName = 64

    private static func mayStandInName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

/// How many characters must be put in, taken out or replaced to make one text of the other (Levenshtein).
private func editDistance(_ left: String, _ right: String) -> Int {
    let right = Array(right.utf8)
    var previous = Array(0...right.count)
    for (row, character) in left.utf8.enumerated() {
        var current = [row + 1]
        for (column, other) in right.enumerated() {
            let replaced = previous[column] + (character == other ? 0 : 1)
            current.append(min(replaced, previous[column + 1] + 1, current[column] + 1))
        }
        previous = current
    }
    return previous[right.count]
}
