import TURN
import Transport

/// A connection with a peer (the peer data connection of RFC 6062 §2), and from ConnectionBind on the client's that it is
/// joined with.
struct DataConnection: BitwiseCopyable {
    /// How far it is.
    enum Stage: UInt8, BitwiseCopyable {
        /// The loop waits for the peer to answer.
        case connecting
        /// It stands. Nothing is read, so that what the peer sends waits in the kernel.
        case pending
        /// Both connections are one stream.
        case joined
    }

    /// The peer's socket.
    let peer: TCPSocket
    /// The client's socket, once joined.
    var client = TCPSocket.none
    /// The engine's name for it; unknown only while the engine is asked whether the peer may come.
    var id = ConnectionID(rawValue: 0)
    /// How far it is.
    var stage: Stage
    /// It waits until the limits of its session leave room.
    var isPaced = false
    /// From client to peer.
    var toPeer = DataFlow()
    /// From peer to client.
    var toClient = DataFlow()

    /// The flow of a direction.
    subscript(direction: RelayDirection) -> DataFlow {
        get { direction == .toPeer ? toPeer : toClient }
        set {
            switch direction {
            case .toPeer: toPeer = newValue
            case .toClient: toClient = newValue
            }
        }
    }
}
