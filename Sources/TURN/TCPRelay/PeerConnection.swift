import Addressing
import Tables
import Timing

/// A TCP connection between a relayed address and a peer (the peer data connection of RFC 6062 §2).
struct PeerConnection: BitwiseCopyable {
    /// How far it is.
    enum Stage: UInt8, BitwiseCopyable {
        /// A Connect waits for the peer to answer.
        case connecting
        /// It stands, and waits for its client's ConnectionBind.
        case pending
        /// It is joined with a connection of its client.
        case bound
    }

    /// Its name on the wire.
    let id: ConnectionID
    /// The allocation's index.
    let allocation: UInt32
    /// The peer as the client names it.
    let peer: TransportAddress
    /// The host's socket.
    let handle: PeerHandle
    /// How far it is.
    var stage: Stage
    /// When it is given up, unless it comes to the next stage.
    var expiry: Instant
    /// When it began.
    let began: Instant
    /// What it has carried.
    var traffic = Traffic()
    /// The next connection of the same allocation.
    var next: UInt32 = Slab<PeerConnection>.none
}
