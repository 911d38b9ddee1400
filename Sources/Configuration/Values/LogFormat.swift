/// How a log line is written.
package enum LogFormat: String, Sendable, CaseIterable {
    /// `key=value` pairs, for people and for grep.
    case logfmt
    /// One JSON object a line, for machines.
    case json
}
