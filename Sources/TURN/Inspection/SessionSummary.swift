package import Addressing
import Timing

/// One allocation as it was at a moment, for an operator's eyes.
package struct SessionSummary: Sendable {
    /// Names the allocation among those of its worker.
    package let id: AllocationID
    /// USERNAME, byte for byte; empty where nobody logs in.
    package let username: [UInt8]
    /// The realm that the user is in; empty where nobody logs in.
    package let realm: [UInt8]
    /// The client's path.
    package let fiveTuple: FiveTuple
    /// The relayed addresses, as told to the client.
    package let ipv4: TransportAddress?
    /// The relayed addresses, as told to the client.
    package let ipv6: TransportAddress?
    /// What it has carried.
    package let traffic: Traffic
    /// How many permissions it holds.
    package let permissionCount: Int
    /// How many channels it holds.
    package let channelCount: Int
    /// How long it has lived.
    package let ageSeconds: UInt32
    /// How long it lives on unless refreshed.
    package let secondsLeft: UInt32

    /// The relayed addresses, as told to the client.
    package var relayed: [TransportAddress] { [ipv4, ipv6].compactMap { $0 } }
}

extension SessionSummary {
    init(_ allocation: borrowing Allocation, _ id: AllocationID, _ owner: AllocationOwner, now: Instant) {
        self.init(
            id: id, username: owner.username, realm: owner.quotaHolder.realm, fiveTuple: allocation.fiveTuple,
            ipv4: allocation.ipv4?.advertised,
            ipv6: allocation.ipv6?.advertised, traffic: allocation.traffic,
            permissionCount: allocation.permissionCount, channelCount: allocation.channelCount,
            ageSeconds: UInt32(clamping: now.nanoseconds(since: allocation.created) / 1_000_000_000),
            secondsLeft: now.secondsUntil(allocation.expiry))
    }
}
