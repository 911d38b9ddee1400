package import Addressing
import STUN
import Tables
package import Timing

/// The state of one client's allocation that the relay path reads (RFC 8656 §3.2). A plain value in the table's slab; what
/// only the control path needs stands in `AllocationOwner`.
package struct Allocation: Sendable, BitwiseCopyable {
    /// One of two families of which no relayed address was made, and why (RFC 8656 §18.12).
    struct MissingFamily: BitwiseCopyable {
        let family: IPAddress.Family
        let error: ErrorCode
    }

    /// Whose it is.
    package internal(set) var fiveTuple: FiveTuple
    /// The way back to the client.
    package internal(set) var path: ClientPath
    /// What it speaks with peers.
    package internal(set) var relayTransport = RelayTransport.udp
    /// What its client's tickets name, by which it moves to another path (RFC 8016); nil without them.
    var mobilityID: MobilityID?
    /// The Allocate that made it, so that its retransmissions are known (RFC 8656 §7.2).
    let creatingTransaction: TransactionID
    /// When it was made.
    package let created: Instant
    /// The relayed address of each family.
    package var ipv4: RelayedTransportAddress?
    /// The relayed address of each family.
    package var ipv6: RelayedTransportAddress?
    /// The family that was asked for and could not be made, repeated when the Allocate is retransmitted.
    var missingFamily: MissingFamily?
    /// The token of the reserved next port, repeated when the Allocate is retransmitted.
    var reservationToken: UInt64?
    /// What it has carried.
    package var traffic = Traffic()
    /// What it had carried when it came to its present path (RFC 8016).
    var earlierTraffic = Traffic()
    /// What it may carry in a second.
    var bandwidth = BandwidthMeter()
    /// What was thrown away of what it should have carried.
    var drops = SessionDrops()
    /// Heads of the lists of its permissions and channels.
    var firstPermission = Slab<Permission>.none
    var firstChannel = Slab<ChannelBinding>.none
    /// Lengths of those lists.
    package var permissionCount = 0
    /// Lengths of those lists.
    package var channelCount = 0
    /// Head and length of the list of its connections with peers.
    var firstConnection = Slab<PeerConnection>.none
    var connectionCount = 0
    /// The one timer that looks after the allocation and all it holds, and when it goes off.
    var timer: TimerWheel.TimerID = .max
    var timerDeadline = Instant.distantFuture

    /// The relayed address of a family.
    package subscript(family: IPAddress.Family) -> RelayedTransportAddress? {
        get { family == .ipv4 ? ipv4 : ipv6 }
        set {
            switch family {
            case .ipv4: ipv4 = newValue
            case .ipv6: ipv6 = newValue
            }
        }
    }

    /// What it has carried on its present path.
    var trafficOnPath: Traffic { traffic.since(earlierTraffic) }

    /// When the last of its relayed addresses ends.
    package var expiry: Instant { max(ipv4?.expiry ?? .distantPast, ipv6?.expiry ?? .distantPast) }
}
