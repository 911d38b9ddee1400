import Addressing
import Tables
package import Timing

// How allocations end, and the one timer each of them has.

extension Engine {
    /// Ends what has run out: at most `limit` timers in one call, so that a burst of them does not hold up the relay path.
    /// Nothing depends on when this runs; every look-up checks the expiry itself.
    package mutating func expire<Host: RelayHost & ~Copyable>(now: Instant, limit: Int, host: inout Host) {
        resources.expireReservations(now: now)
        departed.forget(now: now)
        handoffs.forget(now: now)
        arrivals.forget(now: now)
        expectations.forget(now: now)
        claims.forget(now: now)
        tellMoves(host: &host)
        offloadMoved(now: now, host: &host)
        for _ in 0..<limit {
            guard let payload = timers.popExpired(now: now) else { return }
            let index = UInt32(truncatingIfNeeded: payload)
            allocations[index].timer = Self.noTimer
            sweep(index, now: now, host: &host)
        }
    }

    /// When `expire` has something to do; nil while there is no allocation. Mutating, because the compiler copies the whole
    /// engine for a call that is not, and the loop asks in each turn.
    package mutating func nextExpiry() -> Instant? { timers.nextTick() }

    /// Ends the allocation of a client whose connection is gone; a mobile one waits for its client to come another way.
    package mutating func disconnect<Host: RelayHost & ~Copyable>(
        _ client: Client, now: Instant, host: inout Host
    ) {
        cancelAnnouncements(of: client.fiveTuple)
        // The client may be back already, from the same port, before its old connection is found to be broken.
        guard let index = allocations.find(client.fiveTuple), allocations[index].path == client.path else { return }
        if let id = allocations[index].mobilityID {
            allocations.detach(index)
            return goOn(id, index, now: now)
        }
        end(index, .disconnected, now: now, host: &host)
    }

    /// Ends every allocation, at shutdown.
    package mutating func endAll<Host: RelayHost & ~Copyable>(now: Instant, host: inout Host) {
        for index in allocations.liveIndices { end(index, .shutdown, now: now, host: &host) }
    }

    /// Whether there is a live allocation on a 5-tuple.
    package func hasAllocation(_ fiveTuple: FiveTuple) -> Bool { allocations.find(fiveTuple) != nil }

    // MARK: - Ending

    /// Ends an allocation with all it holds: sockets, ports, permissions, channels, its place in the quota.
    mutating func end<Host: RelayHost & ~Copyable>(
        _ index: UInt32, _ ending: Event.Ending, now: Instant, host: inout Host
    ) {
        takeBackChannels(of: index, now: now, host: &host)
        let allocation = allocations[index]
        let owner = allocations.owner(of: index)
        let id = allocations.id(of: index)
        tellMoves(host: &host)
        remember(leaving: index, now: now)
        settleTraffic(of: index)
        undo(index, now: now, host: &host)
        resources.release(owner.quotaHolder)
        let age = now.nanoseconds(since: allocation.created) / 1_000_000_000
        host.note(
            .allocationEnded(
                id, allocation.fiveTuple, username: owner.username, allocation.traffic,
                ageSeconds: UInt32(clamping: age), ending))
    }

    /// Keeps in mind the Allocate that made an allocation: a late copy of it must not make another one on the path that is
    /// left (RFC 8656 §7.2).
    mutating func remember(leaving index: UInt32, now: Instant) {
        guard allocations[index].fiveTuple.transport == .udp else { return }
        departed.insert(allocations[index].fiveTuple, allocations[index].creatingTransaction, now: now)
    }

    /// Takes an allocation out with its sockets and ports, but leaves the quota and the log alone.
    mutating func undo<Host: RelayHost & ~Copyable>(_ index: UInt32, now: Instant, host: inout Host) {
        for family in IPAddress.Family.allCases { closeRelay(family, of: index, now: now, host: &host) }
        if allocations[index].timer != Self.noTimer { timers.cancel(allocations[index].timer) }
        if let id = allocations[index].mobilityID {
            handoffs.cancel(id)
            arrivals.cancel(id)
            mobiles[id] = nil
            resources.mobility.remove(id)
        }
        allocations.remove(index)
    }

    /// Closes the relayed addresses whose time is over.
    mutating func closeExpiredRelays<Host: RelayHost & ~Copyable>(of index: UInt32, now: Instant, host: inout Host) {
        for family in IPAddress.Family.allCases where allocations.liveRelay(index, family, now: now) == nil {
            closeRelay(family, of: index, now: now, host: &host)
        }
    }

    /// Closes the relay socket of one family, and forgets the family's permissions, channels and connections.
    mutating func closeRelay<Host: RelayHost & ~Copyable>(
        _ family: IPAddress.Family, of index: UInt32, now: Instant, host: inout Host
    ) {
        guard let relayed = allocations[index][family] else { return }
        closeConnections(of: index, now: now, host: &host) { $0.peer.family == family }
        host.closeRelay(relayed.handle)
        resources.returnPort(RelayResources.Port(poolIndex: relayed.poolIndex, number: relayed.advertised.port))
        allocations[index][family] = nil
        removeEntries(of: index, now: now, host: &host) { _, entryFamily in entryFamily == family }
    }

    // MARK: - Timer

    static var noTimer: TimerWheel.TimerID { .max }

    /// Sets the allocation's timer to the earliest of all it holds. Setting it later than needed would keep memory;
    /// earlier costs one idle sweep, so a prolonged entry does not move it.
    mutating func armTimer(of index: UInt32) {
        let soonest = [
            allocations[index].ipv4?.expiry, allocations[index].ipv6?.expiry,
            allocations[index].permissionCount + allocations[index].channelCount > 0
                ? allocations.earliestEntryExpiry(of: index) : nil,
            allocations[index].connectionCount > 0 ? earliestConnectionExpiry(of: index) : nil,
        ].compactMap { $0 }.min()
        guard let soonest else { return }
        if allocations[index].timer != Self.noTimer {
            guard soonest < allocations[index].timerDeadline else { return }
            timers.cancel(allocations[index].timer)
        }
        allocations[index].timer = timers.schedule(at: soonest, payload: UInt64(index))
        allocations[index].timerDeadline = soonest
    }

    private mutating func sweep<Host: RelayHost & ~Copyable>(_ index: UInt32, now: Instant, host: inout Host) {
        guard now < allocations[index].expiry else { return end(index, .expired, now: now, host: &host) }
        closeExpiredRelays(of: index, now: now, host: &host)
        removeEntries(of: index, now: now, host: &host) { expiry, _ in expiry <= now }
        closeConnections(of: index, now: now, host: &host) { $0.expiry <= now }
        armTimer(of: index)
    }
}
