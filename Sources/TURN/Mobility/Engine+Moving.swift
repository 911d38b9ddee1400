import Accounts
package import Addressing
import STUN
import Tables
package import Timing

// A client that moves comes to whichever worker the kernel sends its new path to. The Refresh with its ticket goes to the
// worker that has the allocation, which answers it and notes the path. When the first packet comes by that path, the worker
// that got it claims the allocation, and has it from then on: all later packets of the path come there too.

extension Engine {
    /// How long a claimed allocation may be on its way. Until then what comes by its path is dropped, as a packet may be: an
    /// answer would tell the client that its allocation is gone.
    static var claimSeconds: UInt32 { 2 }

    // MARK: - Announcing

    /// The other worker that has the allocation of the ticket in a message; nil when it is this one, or nobody, or when the
    /// path leads to another allocation, which a ticket does not change.
    mutating func workerTicketed(in message: borrowing MessageReader, from client: Client) -> Int? {
        guard place.count > 1, message.type == MessageType(.refresh, .request),
            let id = mobilityID(ticketedIn: message), mobiles[id] == nil,
            allocations.find(client.fiveTuple) == nil,
            let worker = resources.mobility.worker(of: id), worker != place.index
        else { return nil }
        return Int(worker)
    }

    /// The allocation that was announced to go on by a path; nil when none was.
    package mutating func announced(by fiveTuple: FiveTuple, now: Instant) -> MobilityID? {
        handoffs.announcement(on: fiveTuple, now: now)?.allocation
    }

    /// Expects an allocation of another worker by a path, unless that has one of its own by now.
    package mutating func expect(_ id: MobilityID, by client: Client, now: Instant) {
        guard allocations.find(client.fiveTuple) == nil else { return }
        expectations.announce(client, for: id, until: now.adding(seconds: Self.handoffSeconds))
    }

    // MARK: - Claiming

    /// Whether an allocation of another worker is to come by a path: it is on its way, or a packet gives reason to claim it
    /// now, which `takeClaim` then tells.
    mutating func awaitsAllocation(by fiveTuple: FiveTuple, now: Instant) -> Bool {
        guard let expected = expectations.take(fiveTuple, now: now) else {
            return claims.announcement(on: fiveTuple, now: now) != nil
        }
        guard let worker = resources.mobility.worker(of: expected.allocation), worker != place.index else {
            return false
        }
        claim = MobilityClaim(id: expected.allocation, worker: Int(worker), client: expected.client)
        claims.announce(
            expected.client, for: expected.allocation, until: now.adding(seconds: Self.claimSeconds))
        return true
    }

    /// What the last packet gave reason to claim.
    package mutating func takeClaim() -> MobilityClaim? {
        guard claim != nil else { return nil }
        defer { claim = nil }
        return claim
    }

    // MARK: - Moving

    /// Gives an allocation up to the worker that claims it, with its sockets, port, quota and all; nil when it has ended or
    /// was not announced to go there.
    package mutating func release<Host: RelayHost & ~Copyable>(
        _ claim: MobilityClaim, now: Instant, host: inout Host
    ) -> MovedAllocation? {
        guard let index = mobiles[claim.id], announced(by: claim.client.fiveTuple, now: now) == claim.id,
            now < allocations[index].expiry
        else { return nil }
        handoffs.cancel(claim.id)
        tellMoves(host: &host)
        takeBackChannels(of: index, now: now, host: &host)
        var (permissions, channels): ([Permission], [ChannelBinding]) = ([], [])
        allocations.forEachPermission(of: index) { permissions.append($0) }
        allocations.forEachChannel(of: index) { channels.append($0) }
        let origin = leavePath(index, now: now)
        let moved = MovedAllocation(
            id: claim.id, client: claim.client, origin: origin, allocation: allocations[index],
            owner: allocations.owner(of: index), permissions: permissions, channels: channels)
        if allocations[index].timer != Self.noTimer { timers.cancel(allocations[index].timer) }
        mobiles[claim.id] = nil
        allocations.remove(index)
        return moved
    }

    /// Takes an allocation over, which works as soon as its sockets are attached. If its path has not waited for it - the
    /// client has gone, or began another allocation - it stands on none, as after a lost connection, and its ticket leads to
    /// it.
    ///
    /// - Returns: its name here.
    package mutating func install(_ moved: MovedAllocation, now: Instant) -> AllocationID {
        let fiveTuple = moved.client.fiveTuple
        let isAwaited = claims.take(fiveTuple, now: now)?.allocation == moved.id && allocations.find(fiveTuple) == nil
        var allocation = moved.allocation
        allocation.fiveTuple = fiveTuple
        allocation.path = moved.client.path
        allocation.timer = Self.noTimer
        (allocation.firstPermission, allocation.permissionCount) = (Slab<Permission>.none, 0)
        (allocation.firstChannel, allocation.channelCount) = (Slab<ChannelBinding>.none, 0)
        let index = allocations.insert(allocation, owner: moved.owner, isOnPath: isAwaited)
        // The limits may have changed while it was on its way.
        limitBandwidth(of: index)
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
        if isAwaited { arrivals.announce(moved.client, for: moved.id, until: now.adding(seconds: Self.handoffSeconds)) }
        armTimer(of: index)
        untoldMoves.append((allocations.id(of: index), moved.origin))
        return allocations.id(of: index)
    }

    /// Gives an allocation that was installed its sockets here, in place of those it had in the other worker. What has been
    /// changed or revoked while it was on its way is judged now.
    package mutating func attach<Host: RelayHost & ~Copyable>(
        _ relays: [(family: IPAddress.Family, handle: RelayHandle)], to id: AllocationID, now: Moment, host: inout Host
    ) {
        guard allocations.isLive(id) else { return }
        for relay in relays { allocations[id.index][relay.family]?.handle = relay.handle }
        tellMoves(host: &host)
        let username = allocations.owner(of: id.index).username
        guard !settings.revocations.contains(username, unixSeconds: now.unixSeconds) else {
            return end(id.index, .ended, now: now.instant, host: &host)
        }
        judgeAnew(id.index, now: now.instant, host: &host)
        offloadChannels(of: id.index, now: now.instant, host: &host)
    }
}
