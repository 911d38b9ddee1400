import Addressing
import Tables
import Timing

/// That a peer may send to an allocation and be sent to (RFC 8656 §9): an IP address, whatever the port.
struct Permission: BitwiseCopyable {
    /// What datagrams a permission lets through.
    enum Reach: UInt8, BitwiseCopyable {
        /// To and from every port.
        case everyPort
        /// Only ports of the relay range: the peer is this server itself, whose other ports are nobody's business.
        case relayPortsOnly
        /// None: the allocation is one for connections (RFC 6062 §3).
        case noDatagrams
    }

    /// The allocation's index.
    let allocation: UInt32
    /// The peer.
    let peer: IPAddress
    /// When it ends unless refreshed.
    var expiry: Instant
    /// What it lets through.
    var reach: Reach
    /// The next permission of the same allocation.
    var next: UInt32 = Slab<Permission>.none
}
