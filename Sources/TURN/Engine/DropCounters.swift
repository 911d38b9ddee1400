/// How often each `DropReason` came up.
package struct DropCounters: Sendable {
    private var counts = InlineArray<16, UInt64>(repeating: 0)

    /// All zero.
    package init() {
        precondition(DropReason.allCases.count <= counts.count)
    }

    /// The count for one reason.
    package subscript(reason: DropReason) -> UInt64 { counts[reason.rawValue] }

    @inline(__always)
    mutating func count(_ reason: DropReason) { counts[reason.rawValue] &+= 1 }
}
