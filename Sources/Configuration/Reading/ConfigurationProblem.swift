/// Something to tell the operator about the configuration. Never holds a secret.
package struct ConfigurationProblem: Hashable, Sendable {
    /// What a problem means for the start of the server.
    package enum Severity: String, Sendable, Comparable {
        /// For the curious: shown by `--check-config` only.
        case note
        /// The server starts, but the operator should know.
        case warning
        /// The server refuses to start.
        case error

        /// The graver is the greater.
        package static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

        private var rank: Int {
            switch self {
            case .note: 0
            case .warning: 1
            case .error: 2
            }
        }
    }

    /// How grave it is.
    package let severity: Severity
    /// Where it was written; nil for what was not written anywhere.
    package let origin: SettingOrigin?
    /// The option it is about, if it is about one.
    package let option: String?
    /// What is the matter and what was expected.
    package let message: String

    /// A problem with an option, or with a line that holds none.
    package init(_ severity: Severity, _ origin: SettingOrigin?, option: String? = nil, _ message: String) {
        self.severity = severity
        self.origin = origin
        self.option = option
        self.message = message
    }

    /// The file it stands in, if it stands in one.
    package var file: String? {
        guard case .file(let path, _) = origin else { return nil }
        return path
    }

    /// The line of that file, counted from 1.
    package var line: Int? {
        guard case .file(_, let line) = origin else { return nil }
        return line
    }
}

extension ConfigurationProblem: CustomStringConvertible {
    /// `turnserver.conf:12: error: min-port: expected a port from 1 to 65535, found "0"`
    package var description: String {
        [origin?.description ?? "configuration", severity.rawValue, option, message]
            .compactMap { $0 }
            .joined(separator: ": ")
    }
}
