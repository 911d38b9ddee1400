import Addressing
package import Timing

// What an operator sees of the allocations and does to them. Made for being called in slices: each call looks at a few
// places of the table, whose indices stay the same while their allocations live.

extension Engine {
    /// Places of the table: every allocation's index is below it.
    package var sessionSlotCount: UInt32 { allocations.slotCount }

    /// The allocation at an index, if it is live and the filter lets it through.
    package mutating func session(at index: UInt32, matching filter: SessionFilter, now: Instant) -> SessionSummary? {
        guard allocations.isLive(at: index), now < allocations[index].expiry else { return nil }
        let owner = allocations.owner(of: index)
        if let username = filter.username, owner.username != username { return nil }
        if let realm = filter.realm, owner.quotaHolder.realm != realm { return nil }
        if let client = filter.client, allocations[index].fiveTuple.client.ip != client { return nil }
        if let transport = filter.transport, allocations[index].fiveTuple.transport != transport { return nil }
        if filter.isMobile && allocations[index].mobilityID == nil { return nil }
        if let peer = filter.peer, allocations.livePermission(index, peer: peer, now: now) == nil { return nil }
        return SessionSummary(allocations[index], allocations.id(of: index), owner, now: now)
    }

    /// One allocation with all it holds.
    package mutating func session(_ id: AllocationID, now: Instant) -> SessionDetail? {
        guard allocations.isLive(id), let summary = session(at: id.index, matching: SessionFilter(), now: now) else {
            return nil
        }
        var permissions: [SessionDetail.Permission] = []
        allocations.forEachPermission(of: id.index) { permission in
            permissions.append(
                SessionDetail.Permission(
                    peer: permission.peer, secondsLeft: now.secondsUntil(permission.expiry),
                    isForRelayPortsOnly: permission.reach == .relayPortsOnly))
        }
        var channels: [SessionDetail.Channel] = []
        allocations.forEachChannel(of: id.index) { channel in
            channels.append(
                SessionDetail.Channel(
                    number: channel.number, peer: channel.peer, secondsLeft: now.secondsUntil(channel.expiry),
                    isOffloaded: channel.offload != nil))
        }
        let rate = resources.limits.sessionRate(in: summary.realm)
        return SessionDetail(
            summary: summary, permissions: permissions, channels: channels, bytesPerSecond: rate > 0 ? rate : nil,
            drops: allocations[id.index].drops)
    }

    /// Ends an allocation for the operator; false when it is gone already.
    package mutating func endSession<Host: RelayHost & ~Copyable>(
        _ id: AllocationID, now: Instant, host: inout Host
    ) -> Bool {
        guard allocations.isLive(id) else { return false }
        end(id.index, .ended, now: now, host: &host)
        return true
    }

    // MARK: - Totals

    /// Begins to add up anew.
    package mutating func beginTally() { tally = SessionTally(settled: settledTraffic) }

    /// Adds the allocations of the next `limit` places to the tally; true when all have been counted.
    package mutating func continueTally(limit: UInt32) -> Bool {
        let end = min(allocations.slotCount, tally.nextIndex &+ limit)
        for index in tally.nextIndex..<max(end, tally.nextIndex) where allocations.isLive(at: index) {
            tally.add(allocations[index])
        }
        tally.advance(to: end)
        return end == allocations.slotCount
    }

    /// Counts what an allocation has carried on its path for good, as it leaves that: it ends, or goes on by another one.
    mutating func settleTraffic(of index: UInt32) {
        let transport = allocations[index].fiveTuple.transport
        let carried = allocations[index].trafficOnPath
        settledTraffic[Int(transport.rawValue)].add(carried)
        tally.addSettled(index, transport, carried)
        allocations[index].earlierTraffic = allocations[index].traffic
    }
}
