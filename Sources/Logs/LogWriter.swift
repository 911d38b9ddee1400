package import Logging
internal import Synchronization

/// Takes the records of all threads and writes them to one destination from a thread of its own.
///
/// Logging never waits for a disk or a reader: a record that finds the queue full is dropped, and a line says how many
/// were as soon as there is room. Make the writer after the last fork(2), which would leave its thread behind.
package final class LogWriter: Sendable {
    private let queue: Monitor<LogQueue>
    private let format: LogFormat
    private let addsTime: Bool
    private let threshold: Mutex<Logger.Level>

    /// Opens the destination and starts the thread. The queue holds `capacityBytes` of lines.
    package init(
        to destination: LogDestination, format: LogFormat = .logfmt, level: Logger.Level = .info,
        capacityBytes: Int = 1 << 20
    ) throws(LogError) {
        queue = Monitor(LogQueue(capacityBytes: capacityBytes))
        self.format = format
        addsTime = destination.addsTime
        threshold = Mutex(level)
        let sink = try destination.open()
        let drain = LogDrain(queue: queue, format: format, addsTime: addsTime, sink: sink)
        do {
            try BackgroundThread.start {
                var drain = drain
                drain.run()
            }
        } catch {
            sink.close()
            throw error
        }
    }

    deinit {
        queue.update { $0.isClosing = true }
    }

    /// The level below which loggers of this writer say nothing, unless one has a level of its own. May change while
    /// the server runs.
    package var level: Logger.Level {
        get { threshold.withLock { $0 } }
        set { threshold.withLock { $0 = newValue } }
    }

    /// How many records were never written, because the queue was full or the writing failed.
    package var lostRecords: UInt64 { queue.read { $0.totalLost } }

    /// Opens the file again under its name, after logrotate has moved it away. All that is logged from now on goes into
    /// the new file.
    package func reopen() {
        queue.update { $0.requestReopen() }
    }

    /// Waits until all that was logged before has been written, or could not be; false when the time ran out.
    @discardableResult
    package func flush(milliseconds: Int = 5000) -> Bool {
        let target = queue.read { $0.accepted }
        return queue.wait(milliseconds: milliseconds) { $0.finished >= target }
    }

    /// Writes what is left and ends; what is logged afterwards is lost. False when the time ran out, because whoever
    /// reads the log does not.
    @discardableResult
    package func close(milliseconds: Int = 5000) -> Bool {
        queue.update { $0.isClosing = true }
        return queue.wait(milliseconds: milliseconds) { $0.hasEnded }
    }

    /// Formats a record, here on the thread that logs, and queues it.
    func log(level: Logger.Level, logger: String, event: String, metadata: Logger.Metadata) {
        let time = addsTime ? nil : LogTime.now()
        let entry = LogEntry(time: time, level: level, logger: logger, event: event, metadata: metadata)
        let record = LogRecord(level: level, line: format.line(for: entry))
        queue.update { $0.append(record) }
    }
}
