package import Addressing

/// What the host is to do with a packet that came from a client.
package enum ClientAction: Sendable {
    /// Nothing.
    case none
    /// Send `Engine.reply` back the way the packet came.
    case reply
    /// Send `Engine.reply` over UDP from another place of the server, or to another port of the client (RFC 5780).
    case replyElsewhere(from: TransportAddress, to: TransportAddress)
    /// Send a part of the packet on to a peer.
    case relay(RelayedPayload)
    /// Send `Engine.reply`, and then join the stream with the peer's connection: what follows on it is data (RFC 6062).
    case join(PeerHandle)
    /// Bring the connection with this message to another worker, by its index: the message concerns what that one owns.
    case handOver(worker: Int)
    /// Close the stream: it is out of step or not STUN at all.
    case close
}

/// A part of a received packet that goes on to a peer, unchanged and uncopied.
package struct RelayedPayload: Sendable, BitwiseCopyable {
    /// The socket to send from.
    package let relay: RelayHandle
    /// Where to.
    package let destination: TransportAddress
    /// Where the payload begins in the packet.
    package let offset: Int
    /// How long it is.
    package let length: Int
    /// Whether to set the DF bit (RFC 8656 §14).
    package let dontFragment: Bool
}
