package import Addressing
package import STUN

/// What a packet from the server came to.
package enum ClientEvent: Sendable {
    /// Why a packet was not used.
    package enum Unusable: Equatable, Sendable {
        /// It is no STUN message and no ChannelData, or lacks what its kind must carry.
        case malformed
        /// It answers no request that is under way.
        case unmatched
        /// It is a success response whose message integrity is absent or wrong.
        case notAuthentic
        /// It is a request, or an indication that no server sends.
        case unexpected
    }

    /// The final answer to the request of this number.
    case response(request: Int, ClientResponse)
    /// The server asked for credentials, or for a new nonce; the request of this number is ready to be sent again.
    case challenged(request: Int)
    /// A Data indication: what a peer sent lies there in the packet.
    case data(peer: TransportAddress, payload: Range<Int>)
    /// A ChannelData message: what the channel's peer sent lies there in the packet.
    case channelData(ChannelNumber, payload: Range<Int>)
    /// A ConnectionAttempt indication: a peer has connected to the relayed address (RFC 6062 §4.4).
    case connectionAttempt(peer: TransportAddress, connectionID: UInt32)
    /// Nothing of use.
    case ignored(Unusable)
}
