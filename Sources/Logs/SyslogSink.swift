internal import Glibc
internal import Logging

/// The system's log. There is one connection in a process, which syslog(3) itself opens again when it breaks.
struct SyslogSink: LogSink {
    init(identity: String, facility: CInt) {
        // syslog(3) keeps the pointer for the life of the process, so the copy is never freed.
        unsafe openlog(strdup(identity), LOG_PID | LOG_NDELAY, facility)
    }

    func write(_ records: [LogRecord]) -> Int {
        for record in records {
            let text = record.line.map { CChar(bitPattern: $0) } + [0]
            unsafe text.withUnsafeBufferPointer { text in
                guard let start = text.baseAddress else { return }
                unsafe withVaList([start]) { arguments in
                    unsafe vsyslog(Self.priority(of: record.level), "%s", arguments)
                }
            }
        }
        return records.count
    }

    func reopen() {}

    func close() { closelog() }

    private static func priority(of level: Logger.Level) -> Int32 {
        switch level {
        case .trace, .debug: LOG_DEBUG
        case .info: LOG_INFO
        case .notice: LOG_NOTICE
        case .warning: LOG_WARNING
        case .error: LOG_ERR
        case .critical: LOG_CRIT
        }
    }
}
