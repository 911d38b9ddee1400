import Configuration
import Logging
import Logs

// From what the operator wrote to what the log understands.

extension Logs.LogDestination {
    init(_ destination: Configuration.LogDestination) {
        switch destination {
        case .standardOutput: self = .standardOutput
        case .file(let path): self = .file(path: path)
        case .syslog: self = .syslog(identity: "turnserver")
        }
    }
}

extension Logger.Level {
    init(_ level: LogLevel) {
        switch level {
        case .trace: self = .trace
        case .debug: self = .debug
        case .info: self = .info
        case .notice: self = .notice
        case .warning: self = .warning
        case .error: self = .error
        case .critical: self = .critical
        }
    }
}
