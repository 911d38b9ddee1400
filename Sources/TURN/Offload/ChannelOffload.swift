/// The host's own name for a channel that it relays without the engine. The engine keeps it with the channel and hands it
/// back, and never looks inside.
package struct ChannelOffload: RawRepresentable, Hashable, Sendable, BitwiseCopyable {
    /// Whatever the host wants to find again.
    package let rawValue: UInt32

    /// Wraps the host's value.
    @inlinable
    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }
}
