/// The host's own name for an open relay socket. The engine keeps it with the allocation and hands it back, and never
/// looks inside.
package struct RelayHandle: RawRepresentable, Hashable, Sendable, BitwiseCopyable {
    /// Whatever the host wants to find again.
    package let rawValue: UInt64

    /// Wraps the host's value.
    @inlinable
    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }
}
