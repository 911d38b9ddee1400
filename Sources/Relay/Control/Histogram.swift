/// How often values came up, in classes whose limits are powers of two: 1, 2, 4, ... times `unit`.
package struct Histogram: Sendable {
    /// How many classes there are; the last holds all that is larger.
    package static let classCount = 24

    private var counts = InlineArray<24, UInt64>(repeating: 0)
    /// The sum of all values.
    package private(set) var sum: UInt64 = 0
    /// The highest value of the first class.
    package let unit: UInt64
    private let shift: Int

    /// An empty histogram. The unit is 2 to the power of `unitBits`.
    init(unitBits: Int) {
        shift = unitBits
        unit = 1 << UInt64(unitBits)
    }

    /// How often a value of a class came up; the highest value of class `index` is `upperBound(index)`.
    package func count(inClass index: Int) -> UInt64 { counts[index] }

    /// The highest value of a class but the last.
    package func upperBound(_ index: Int) -> UInt64 { unit << UInt64(index) }

    /// Counts a value.
    @inline(__always)
    mutating func count(_ value: UInt64) {
        let above = value == 0 ? 0 : (value &- 1) >> UInt64(shift)
        let index = min(Self.classCount - 1, UInt64.bitWidth - above.leadingZeroBitCount)
        counts[index] &+= 1
        sum &+= value
    }

    /// Adds what another one of the same unit has counted.
    package mutating func add(_ other: Histogram) {
        for index in 0..<Self.classCount { counts[index] &+= other.counts[index] }
        sum &+= other.sum
    }
}
