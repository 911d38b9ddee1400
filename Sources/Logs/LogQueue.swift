/// The records between those who log and the log thread, bounded by their bytes.
struct LogQueue: Sendable {
    /// What the log thread takes in one go.
    struct Batch: Sendable {
        var records: [LogRecord] = []
        /// How many records found no room since the batch before. They came after `records`.
        var lost = 0
        /// The file has been moved away.
        var mustReopen = false
    }

    private let capacityBytes: Int
    private var usedBytes = 0
    private var next = Batch()
    /// How much was ever asked of the log thread, and how much of it is done: records and reopenings.
    private(set) var accepted: UInt64 = 0
    private(set) var finished: UInt64 = 0
    /// How many records were never written.
    private(set) var totalLost: UInt64 = 0
    /// No more records are taken, and the thread ends once all are written.
    var isClosing = false
    /// The thread has ended.
    var hasEnded = false

    init(capacityBytes: Int) {
        self.capacityBytes = capacityBytes
    }

    /// Whether there is something for the log thread to do.
    var isReady: Bool { !next.records.isEmpty || next.mustReopen || isClosing }

    mutating func append(_ record: LogRecord) {
        guard !isClosing, record.line.count <= capacityBytes - usedBytes else {
            totalLost += 1
            // Nobody is told of what comes after the end: the telling would never end either.
            if !isClosing { next.lost += 1 }
            return
        }
        next.records.append(record)
        usedBytes += record.line.count
        accepted += 1
    }

    mutating func requestReopen() {
        guard !next.mustReopen else { return }
        next.mustReopen = true
        accepted += 1
    }

    /// All that is there; nil when there is nothing and never will be.
    mutating func take() -> Batch? {
        if isClosing, next.records.isEmpty, next.lost == 0, !next.mustReopen { return nil }
        usedBytes = 0
        defer { next = Batch() }
        return next
    }

    /// Notes that a batch is dealt with, and how many of its records could not be written.
    mutating func finish(_ batch: Batch, unwritten: Int) {
        finished += UInt64(batch.records.count) + (batch.mustReopen ? 1 : 0)
        totalLost += UInt64(unwritten)
    }
}
