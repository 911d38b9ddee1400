package import Addressing
package import Tables

/// What tells one client from another: both ends of its path to the server, and the transport (RFC 8656 §2).
package struct FiveTuple: Hashable, Sendable, BitwiseCopyable {
    /// The client's end, as the server sees it.
    package let client: TransportAddress
    /// The server's end, which the client sends to.
    package let server: TransportAddress
    /// The transport between them.
    package let transport: ClientTransport

    /// Joins the parts.
    @inlinable
    package init(client: TransportAddress, server: TransportAddress, transport: ClientTransport) {
        self.client = client
        self.server = server
        self.transport = transport
    }

    /// Whether both are the same path. The client's port differs most often, so it is looked at first.
    @inlinable
    package static func == (left: FiveTuple, right: FiveTuple) -> Bool {
        left.client == right.client && left.server == right.server && left.transport == right.transport
    }

    /// A keyed hash of the whole tuple.
    @inlinable
    package func hash(_ seed: HashSeed) -> UInt64 {
        let ports = UInt64(client.port) << 32 | UInt64(server.port) << 16 | UInt64(transport.rawValue)
        return seed.hash(
            seed.hash(client.ip.high, client.ip.low, ports), server.ip.high, server.ip.low)
    }
}
