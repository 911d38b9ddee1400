/// How the turns of a worker's loop went.
package struct WorkerLoad: Sendable {
    /// Nanoseconds from waking up to having sent everything.
    package private(set) var turnNanoseconds = Histogram(unitBits: 10)
    /// Datagrams and reads of one batch.
    package private(set) var batchSizes = Histogram(unitBits: 0)

    /// No turn yet.
    package init() {}

    @inline(__always)
    mutating func countTurn(nanoseconds: UInt64) { turnNanoseconds.count(nanoseconds) }

    @inline(__always)
    mutating func countBatch(_ size: Int) {
        if size > 0 { batchSizes.count(UInt64(truncatingIfNeeded: size)) }
    }
}
