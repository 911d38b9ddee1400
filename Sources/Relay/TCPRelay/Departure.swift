import STUN
import TURN
import Transport

/// Where a client's connection goes on once what was just read of it is served.
struct Departure {
    enum Destination {
        /// To the worker that owns what the client asks for.
        case worker(Int)
        /// To a peer's connection, with which it becomes one stream.
        case peer(PeerHandle)
    }

    let destination: Destination
    /// What the client has sent that goes along.
    var unread: [UInt8]
}
