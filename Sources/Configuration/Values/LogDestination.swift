/// Where log lines go. There is exactly one place.
package enum LogDestination: Hashable, Sendable {
    case standardOutput
    case syslog
    case file(String)
}

extension LogDestination: CustomStringConvertible {
    /// As in `log-file`.
    package var description: String {
        switch self {
        case .standardOutput: "stdout"
        case .syslog: "syslog"
        case .file(let path): path
        }
    }
}
