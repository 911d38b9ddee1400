/// Where log lines go.
package enum LogDestination: Sendable {
    /// Standard output.
    case standardOutput
    /// A file, appended to and made with mode 0640 where there is none.
    case file(path: String)
    /// syslog(3), under this name and in a facility of syslog.h. syslog puts its own time before each line.
    case syslog(identity: String, facility: CInt)

    /// Whether whoever takes the lines notes the time by itself.
    var addsTime: Bool {
        switch self {
        case .standardOutput, .file: false
        case .syslog: true
        }
    }

    func open() throws(LogError) -> any LogSink {
        switch self {
        case .standardOutput: FileSink.standardOutput
        case .file(let path): try FileSink(path: path)
        case .syslog(let identity, let facility): SyslogSink(identity: identity, facility: facility)
        }
    }
}
