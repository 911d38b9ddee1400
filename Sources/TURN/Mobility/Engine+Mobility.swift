import Addressing
import Cryptography
import STUN
import Timing

// RFC 8016: a client whose address changes takes its allocation along. The ticket says which one; who may have it, the
// credentials say.

extension Engine {
    /// How long an announced path is waited for.
    static var handoffSeconds: UInt32 { 30 }

    /// How many announced paths have not been used yet: for metrics and tests.
    package var handoffCount: Int { handoffs.count }

    /// The allocation that a Refresh is about: the one of its ticket, or else of its 5-tuple. A ticket from elsewhere
    /// announces a new path; data goes the old one until something comes by the new one (RFC 8016 §3.2.2).
    mutating func allocation<Host: RelayHost & ~Copyable>(
        refreshedBy request: borrowing Request, by user: Identity, host: inout Host
    ) throws(Refusal) -> UInt32 {
        guard request.message.contains(.mobilityTicket) else {
            return try allocation(of: request, by: user, host: &host)
        }
        guard tickets != nil else { throw Refusal(.mobilityForbidden) }
        guard let id = mobilityID(ticketedIn: request.message) else { throw Refusal(.badRequest) }
        guard let index = mobiles[id], request.now.instant < allocations[index].expiry else {
            throw Refusal(.allocationMismatch)
        }
        let owner = allocations.owner(of: index)
        // Users with tokens share a name; the key tells them apart.
        guard owner.isSame(as: user), user.tokenExpiry == nil || owner.key == user.key else {
            throw Refusal(.wrongCredentials)
        }
        try announce(request.client, for: id, index, now: request.now.instant, host: &host)
        closeExpiredRelays(of: index, now: request.now.instant, host: &host)
        return index
    }

    /// The living allocation that the request's ticket names.
    func allocation(ticketedIn request: borrowing Request) -> UInt32? {
        mobilityID(ticketedIn: request.message).flatMap { mobiles[$0] }
    }

    /// Notes that an allocation is to go on by a client's path.
    private mutating func announce<Host: RelayHost & ~Copyable>(
        _ client: Client, for id: MobilityID, _ index: UInt32, now: Instant, host: inout Host
    ) throws(Refusal) {
        switch allocations.find(client.fiveTuple) {
        case index:
            // A ticket is for another path; but the Refresh that led to this one may come again, if its answer was lost.
            guard arrivals.announcement(on: client.fiveTuple, now: now)?.allocation == id else {
                throw Refusal(.badRequest)
            }
        case .some:
            throw Refusal(.allocationMismatch)  // the path leads to another allocation
        case nil:
            handoffs.announce(client, for: id, until: now.adding(seconds: Self.handoffSeconds))
            pauseOffload(of: index, now: now, host: &host)
            if allocations[index].path == .nowhere { goOn(id, index, now: now) }
        }
    }

    /// Moves an allocation whose path is gone to the one that was announced: there is nothing to wait for (RFC 8016
    /// §3.2.2). To the path of another worker the first packet on it moves it.
    mutating func goOn(_ id: MobilityID, _ index: UInt32, now: Instant) {
        guard let handoff = handoffs.announcement(for: id, now: now), handoff.client.path != .nowhere else { return }
        _ = arrive(by: handoff.client.fiveTuple, now: now)
    }

    /// The allocation that the ticket of a message names, wherever it is; nil when there is no ticket, or not one of ours.
    func mobilityID(ticketedIn message: borrowing MessageReader) -> MobilityID? {
        guard let tickets, let ticket = message.value(of: .mobilityTicket) else { return nil }
        return tickets.allocation(in: ticket)
    }

    /// Gives an allocation a name for tickets.
    mutating func makeMobile(_ index: UInt32) {
        let id = MobilityID(rawValue: random.next())
        allocations[index].mobilityID = id
        mobiles[id] = index
        resources.mobility.enter(id, worker: place.index)
    }

    /// Adds a new ticket of a mobile allocation to a reply.
    mutating func addTicket(for index: UInt32) {
        guard let id = allocations[index].mobilityID, let ticket = tickets?.issue(for: id, &random) else { return }
        writer.add(.mobilityTicket, ticket)
    }

    /// Moves an allocation to the path that something has come by, if it was announced. Asked only where there is no
    /// allocation on the path, so that those which stay at home pay nothing.
    mutating func arrive(by fiveTuple: FiveTuple, now: Instant) -> UInt32? {
        guard !awaitsAllocation(by: fiveTuple, now: now), let handoff = handoffs.take(fiveTuple, now: now),
            let index = mobiles[handoff.allocation]
        else { return nil }
        let origin = leavePath(index, now: now)
        allocations.move(index, to: handoff.client)
        arrivals.announce(handoff.client, for: handoff.allocation, until: handoff.deadline)
        untoldMoves.append((allocations.id(of: index), origin))
        return index
    }

    /// Prepares an allocation for another path: late copies of its Allocate make no other one on that which it leaves, and
    /// what it has carried there stays counted there.
    ///
    /// - Returns: where it has been.
    mutating func leavePath(_ index: UInt32, now: Instant) -> Whereabouts {
        remember(leaving: index, now: now)
        settleTraffic(of: index)
        return Whereabouts(
            worker: Int(place.index), id: allocations.id(of: index), fiveTuple: allocations[index].fiveTuple)
    }

    /// Tells of the allocations that go on by another path. The relay path moves some of them, and has no time for it.
    mutating func tellMoves<Host: RelayHost & ~Copyable>(host: inout Host) {
        guard !untoldMoves.isEmpty else { return }
        for (id, origin) in exchange(&untoldMoves, with: []) where allocations.isLive(id) {
            host.note(
                .allocationMoved(
                    id, allocations[id.index].fiveTuple, username: allocations.owner(of: id.index).username,
                    from: origin))
        }
    }

    /// Expects nothing by a path any more: it has an allocation, or has gone.
    mutating func cancelAnnouncements(of fiveTuple: FiveTuple) {
        handoffs.cancel(fiveTuple)
        arrivals.cancel(fiveTuple)
        expectations.cancel(fiveTuple)
        claims.cancel(fiveTuple)
    }
}
