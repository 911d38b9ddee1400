package import Addressing
package import TURN

/// What came of a packet from a client.
package enum Outcome: Equatable {
    /// Nothing was sent to anybody.
    case silence
    /// A reply went back.
    case reply(Reply)
    /// A reply went out from another place of the server, or to another port of the client.
    case replyElsewhere(Reply, from: TransportAddress, to: TransportAddress)
    /// These bytes went to a peer.
    case relayed([UInt8], to: TransportAddress, from: RelayHandle, dontFragment: Bool)
    /// A reply went back, and then the stream was joined with a peer's connection.
    case joined(Reply, PeerHandle)
    /// The connection was handed to another worker.
    case handedOver(worker: Int)
    /// The stream was closed.
    case closed

    /// The reply, if one went back.
    package var reply: Reply? {
        switch self {
        case .reply(let reply), .joined(let reply, _): reply
        default: nil
        }
    }

    /// The payload and the peer, if something was relayed.
    package var relayed: (payload: [UInt8], peer: TransportAddress)? {
        guard case .relayed(let payload, let peer, _, _) = self else { return nil }
        return (payload, peer)
    }
}
