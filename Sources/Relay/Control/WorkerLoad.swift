/// How the turns of a worker's loop went.
package struct WorkerLoad: Sendable {
    /// Nanoseconds from waking up to having sent everything, of one turn in sixteen: the clock is not asked for the others.
    package private(set) var turnNanoseconds = Histogram(unitBits: 10)
    /// Datagrams and reads of one batch.
    package private(set) var batchSizes = Histogram(unitBits: 0)

    private var turns: UInt64 = 0
    /// How many turns there are to each that is measured.
    package static let turnsPerMeasurement: UInt64 = 16

    /// No turn yet.
    package init() {}

    /// Whether the turn that ends is one to be measured.
    @inline(__always)
    mutating func measuresTurn() -> Bool {
        turns &+= 1
        return turns % Self.turnsPerMeasurement == 0
    }

    @inline(__always)
    mutating func countTurn(nanoseconds: UInt64) { turnNanoseconds.count(nanoseconds) }

    @inline(__always)
    mutating func countBatch(_ size: Int) {
        if size > 0 { batchSizes.count(UInt64(truncatingIfNeeded: size)) }
    }
}
