import Addressing
import STUN
import Tables
import Timing

/// A channel number bound to a peer (RFC 8656 §12).
struct ChannelBinding: BitwiseCopyable {
    /// The allocation's index.
    let allocation: UInt32
    /// The number.
    let number: ChannelNumber
    /// The peer as the client names it.
    let peer: TransportAddress
    /// Where datagrams for the peer are really sent (see `AddressTranslation`).
    let destination: TransportAddress
    /// When it ends unless bound again.
    var expiry: Instant
    /// What the host calls it while it relays its packets by itself.
    var offload: ChannelOffload?
    /// The next binding of the same allocation.
    var next: UInt32 = Slab<ChannelBinding>.none
}
