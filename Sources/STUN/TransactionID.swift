/// The 96 bits that tie a response to its request (RFC 8489 §5).
package struct TransactionID: Hashable, Sendable, BitwiseCopyable {
    /// The first 32 bits.
    package let high: UInt32
    /// The other 64 bits.
    package let low: UInt64

    /// Joins the two parts.
    package init(high: UInt32, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The twelve bytes, in order.
    package var bytes: [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: high >> (24 - 8 * $0)) }
            + (0..<8).map { UInt8(truncatingIfNeeded: low >> (56 - 8 * $0)) }
    }
}
