package import Addressing

/// A bound channel as the wire sees it: the client's 5-tuple on one side, relayed transport address and peer on the other.
package struct OffloadedPath: Hashable, Sendable {
    /// The client's address, and the address of the server that it sends to.
    package let client: TransportAddress
    package let server: TransportAddress
    /// The number that stands for the peer between these two (RFC 8656 §12).
    package let channel: UInt16
    /// The address that the peer sees, as the relay socket is bound.
    package let relayed: TransportAddress
    package let peer: TransportAddress

    /// A channel of a UDP client.
    package init(
        client: TransportAddress, server: TransportAddress, channel: UInt16, relayed: TransportAddress,
        peer: TransportAddress
    ) {
        self.client = client
        self.server = server
        self.channel = channel
        self.relayed = relayed
        self.peer = peer
    }

    /// What the client sends: in, and out to the peer.
    var upward: (arriving: WireAddresses, leaving: WireAddresses) {
        (WireAddresses(from: client, to: server, channel: channel), WireAddresses(from: relayed, to: peer))
    }

    /// What the peer sends: in, and out to the client.
    var downward: (arriving: WireAddresses, leaving: WireAddresses) {
        (WireAddresses(from: peer, to: relayed), WireAddresses(from: server, to: client, channel: channel))
    }
}
