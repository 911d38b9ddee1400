/// Where the kernel would send a packet.
struct Route: Hashable, Sendable {
    /// The loopback interface, in every network namespace.
    static let loopback: UInt32 = 1

    /// The interface it would leave by, and by which answers are expected; `loopback` for an address of this host.
    let interface: UInt32
    /// Whether the address is one of this host.
    let isLocal: Bool
}
