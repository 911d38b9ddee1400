internal import Logging

/// The log thread's half of a `LogWriter`: takes records from the queue and writes them, until the queue closes.
struct LogDrain: Sendable {
    private let queue: Monitor<LogQueue>
    private let format: LogFormat
    private let addsTime: Bool
    private var sink: any LogSink
    /// How many records were lost since a line last said so.
    private var unreported = 0

    init(queue: Monitor<LogQueue>, format: LogFormat, addsTime: Bool, sink: any LogSink) {
        self.queue = queue
        self.format = format
        self.addsTime = addsTime
        self.sink = sink
    }

    /// Returns when the queue is closed and empty.
    mutating func run() {
        while let batch = queue.update(when: { $0.isReady }, { $0.take() }) {
            let complaint = batch.mustReopen ? reopen() : nil
            let unwritten = write(batch.records, lost: batch.lost, complaint: complaint)
            queue.update { $0.finish(batch, unwritten: unwritten) }
        }
        _ = write([], lost: 0, complaint: nil)
        sink.close()
        queue.update { $0.hasEnded = true }
    }

    /// Writes a batch, and behind it what went wrong with the log itself; returns how many of the records failed.
    private mutating func write(_ records: [LogRecord], lost: Int, complaint: LogRecord?) -> Int {
        unreported += lost
        var all = records
        if let complaint { all.append(complaint) }
        if unreported > 0 { all.append(record("log records lost", ["count": .stringConvertible(unreported)])) }
        guard !all.isEmpty else { return 0 }
        let written = sink.write(all)
        let unwritten = max(0, records.count - written)
        unreported = written == all.count ? 0 : unreported + unwritten
        return unwritten
    }

    private mutating func reopen() -> LogRecord? {
        do {
            try sink.reopen()
            return nil
        } catch {
            return record("log file kept", ["error": .string(error.description)])
        }
    }

    private func record(_ event: String, _ metadata: Logger.Metadata) -> LogRecord {
        let entry = LogEntry(
            time: addsTime ? nil : .now(), level: .warning, logger: "log", event: event, metadata: metadata)
        return LogRecord(level: entry.level, line: format.line(for: entry))
    }
}
