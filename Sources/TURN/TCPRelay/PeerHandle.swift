/// The host's own name for a connection with a peer. The engine keeps it and hands it back, and never looks inside.
package struct PeerHandle: RawRepresentable, Hashable, Sendable, BitwiseCopyable {
    /// Whatever the host wants to find again.
    package let rawValue: UInt64

    /// Wraps the host's value.
    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }
}
