/// What takes lines in the end. Used by the log thread alone, so it may block.
protocol LogSink: Sendable {
    /// Writes records and returns how many of them, from the first on, were written whole.
    mutating func write(_ records: [LogRecord]) -> Int

    /// Starts anew under the same name, after somebody has moved the file away. Where that fails the old one is kept.
    mutating func reopen() throws(LogError)

    /// Gives back what is held. Nothing is written afterwards.
    func close()
}
