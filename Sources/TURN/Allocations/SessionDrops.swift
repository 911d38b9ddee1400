/// How often each `DropReason` came up on one allocation. Counts stop at the highest number.
package struct SessionDrops: Sendable, BitwiseCopyable {
    private var counts = InlineArray<16, UInt32>(repeating: 0)

    /// The count for one reason.
    package subscript(reason: DropReason) -> UInt32 { counts[reason.rawValue] }

    mutating func count(_ reason: DropReason) {
        guard counts[reason.rawValue] < .max else { return }
        counts[reason.rawValue] += 1
    }
}
