/// The host's own name for the way back to a client: a listener's socket, or a connection. The engine keeps it with the
/// allocation and hands it back, and never looks inside.
package struct ClientPath: RawRepresentable, Hashable, Sendable, BitwiseCopyable {
    /// Whatever the host wants to find again.
    package let rawValue: UInt64

    /// Leads to nobody. Hosts give no such path to a client.
    package static let nowhere = ClientPath(rawValue: .max)

    /// Wraps the host's value.
    @inlinable
    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }
}
