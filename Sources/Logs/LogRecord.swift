internal import Logging

/// A line on its way to a destination.
struct LogRecord: Sendable {
    let level: Logger.Level
    /// The line without its end. It holds neither line breaks nor NUL.
    let line: [UInt8]
}
