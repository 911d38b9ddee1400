import Configuration
import Glibc
import Logging
import Logs

// From what the operator wrote to what the log understands.

extension Logs.LogDestination {
    init(_ configuration: ServerConfiguration) {
        switch configuration.logDestination {
        case .standardOutput: self = .standardOutput
        case .file(let path): self = .file(path: path)
        case .syslog: self = .syslog(identity: "turnserver", facility: configuration.syslogFacility.number)
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

extension SyslogFacility {
    /// The number in syslog.h.
    fileprivate var number: CInt {
        switch self {
        case .auth: LOG_AUTH
        case .authpriv: LOG_AUTHPRIV
        case .cron: LOG_CRON
        case .daemon: LOG_DAEMON
        case .ftp: LOG_FTP
        case .kern: LOG_KERN
        case .lpr: LOG_LPR
        case .mail: LOG_MAIL
        case .news: LOG_NEWS
        case .syslog: LOG_SYSLOG
        case .user: LOG_USER
        case .uucp: LOG_UUCP
        case .local0: LOG_LOCAL0
        case .local1: LOG_LOCAL1
        case .local2: LOG_LOCAL2
        case .local3: LOG_LOCAL3
        case .local4: LOG_LOCAL4
        case .local5: LOG_LOCAL5
        case .local6: LOG_LOCAL6
        case .local7: LOG_LOCAL7
        }
    }
}
