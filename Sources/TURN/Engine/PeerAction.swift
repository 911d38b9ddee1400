package import STUN

/// What the host is to do with a datagram that came to a relay socket.
package enum PeerAction: Sendable {
    /// Nothing.
    case drop
    /// Put a ChannelData header in front and send it to the client (RFC 8656 §12.7).
    case channelData(ChannelNumber, to: ClientPath, FiveTuple)
    /// Put the head of a Data indication in front, its padding behind, and send it to the client (RFC 8656 §11.4).
    case dataIndication(DataIndication, to: ClientPath, FiveTuple)
}
