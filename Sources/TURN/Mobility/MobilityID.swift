/// The name under which an allocation that may move is known to all workers, wherever it is (RFC 8016). It stands in the
/// tickets, sealed.
package struct MobilityID: RawRepresentable, Hashable, Sendable, BitwiseCopyable {
    /// Random.
    package let rawValue: UInt64

    /// Wraps a name.
    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }
}
