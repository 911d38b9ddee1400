/// How a record is written on its line. In both forms a record is one line, whatever its values hold.
package enum LogFormat: Sendable, CaseIterable {
    /// `time=2026-08-02T17:32:31.297Z level=info logger=turn event="allocation created" user=alice`
    case logfmt
    /// The same fields as one JSON object.
    case json

    /// The line of an entry, without the line's end.
    func line(for entry: LogEntry) -> [UInt8] {
        switch self {
        case .logfmt: entry.logfmtLine
        case .json: entry.jsonLine
        }
    }
}
