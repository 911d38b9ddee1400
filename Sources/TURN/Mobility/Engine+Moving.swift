package import Addressing
import STUN
import Tables
package import Timing

// A client that moves comes to whichever worker the kernel sends its new path to. The Refresh with its ticket goes to the
// worker that has the allocation, which answers it and notes the path. When the first packet comes by that path, the worker
// that got it claims the allocation, and has it from then on: all later packets of the path come there too.

extension Engine {
    /// The other worker that has the allocation of the ticket in a message; nil when it is this one, or nobody.
    mutating func workerTicketed(in message: borrowing MessageReader) -> Int? {
        guard place.count > 1, message.type == MessageType(.refresh, .request),
            let id = mobilityID(ticketedIn: message), mobiles[id] == nil,
            let worker = resources.mobility.worker(of: id), worker != place.index
        else { return nil }
        return Int(worker)
    }

    /// The allocation that was announced to go on by a path; nil when none was.
    package mutating func announced(by fiveTuple: FiveTuple) -> MobilityID? {
        handoffs.allocation(announcedBy: fiveTuple).flatMap { allocations[$0].mobilityID }
    }

    /// Expects an allocation of another worker by a path.
    package mutating func expect(_ claim: MobilityClaim, now: Instant) {
        expectations.add(claim, until: now.adding(seconds: Self.handoffSeconds))
    }

    /// Whether a packet by a path gives reason to claim an allocation, which `takeClaim` then tells.
    mutating func claims(_ fiveTuple: FiveTuple, now: Instant) -> Bool {
        guard let claim = expectations.complete(fiveTuple, now: now) else { return false }
        self.claim = claim
        return true
    }

    /// What the last packet gave reason to claim.
    package mutating func takeClaim() -> MobilityClaim? {
        guard claim != nil else { return nil }
        defer { claim = nil }
        return claim
    }

    /// Gives an allocation up to the worker that claims it, with its sockets, port, quota and all; nil when it has ended or
    /// was not announced to go there.
    package mutating func release<Host: RelayHost & ~Copyable>(
        _ claim: MobilityClaim, now: Instant, host: inout Host
    ) -> MovedAllocation? {
        guard let index = mobiles[claim.id], handoffs.allocation(announcedBy: claim.client.fiveTuple) == index,
            handoffs.complete(claim.client.fiveTuple, now: now) != nil, now < allocations[index].expiry
        else { return nil }
        takeBackChannels(of: index, now: now, host: &host)
        var (permissions, channels): ([Permission], [ChannelBinding]) = ([], [])
        allocations.forEachPermission(of: index) { permissions.append($0) }
        allocations.forEachChannel(of: index) { channels.append($0) }
        let moved = MovedAllocation(
            id: claim.id, client: claim.client, allocation: allocations[index], owner: allocations.owner(of: index),
            permissions: permissions, channels: channels)
        remember(leaving: index, now: now)
        if allocations[index].timer != Self.noTimer { timers.cancel(allocations[index].timer) }
        mobiles[claim.id] = nil
        allocations.remove(index)
        return moved
    }

    /// Takes an allocation over. Its sockets are to be attached next.
    ///
    /// - Returns: its name here; nil when the path is taken, and then the allocation is over.
    package mutating func install(_ moved: MovedAllocation) -> AllocationID? {
        guard allocations.find(moved.client.fiveTuple) == nil else {
            abandon(moved)
            return nil
        }
        var allocation = moved.allocation
        allocation.fiveTuple = moved.client.fiveTuple
        allocation.path = moved.client.path
        allocation.timer = Self.noTimer
        (allocation.firstPermission, allocation.permissionCount) = (Slab<Permission>.none, 0)
        (allocation.firstChannel, allocation.channelCount) = (Slab<ChannelBinding>.none, 0)
        let index = allocations.insert(allocation, owner: moved.owner)
        for permission in moved.permissions {
            allocations.insert(
                Permission(
                    allocation: index, peer: permission.peer, expiry: permission.expiry, reach: permission.reach))
        }
        for channel in moved.channels {
            allocations.insert(
                ChannelBinding(
                    allocation: index, number: channel.number, peer: channel.peer, destination: channel.destination,
                    expiry: channel.expiry))
        }
        mobiles[moved.id] = index
        moving.insert(allocations.id(of: index))
        armTimer(of: index)
        return allocations.id(of: index)
    }

    /// Puts a socket in place of the one that an allocation had in another worker.
    package mutating func attach(_ relay: RelayHandle, _ family: IPAddress.Family, to id: AllocationID) {
        guard allocations.isLive(id) else { return }
        allocations[id.index][family]?.handle = relay
    }

    /// Gives back what an allocation held that cannot go on.
    private func abandon(_ moved: MovedAllocation) {
        for family in IPAddress.Family.allCases {
            guard let relayed = moved.allocation[family] else { continue }
            resources.returnPort(
                RelayResources.Port(poolIndex: relayed.poolIndex, number: relayed.advertised.port))
        }
        resources.release(moved.owner.quotaHolder)
        resources.mobility.remove(moved.id)
    }
}
