import Addressing
import STUN
import Tables
import Timing

extension Engine {
    /// Allocate: opens a relayed transport address for the client (RFC 8656 §7.2; the numbers are the RFC's steps).
    mutating func allocate<Host: RelayHost & ~Copyable>(
        _ request: borrowing Request, by user: Identity, host: inout Host
    ) throws(Refusal) {
        // 2. One allocation for a 5-tuple; the creating request may come again.
        if try repeatedAllocate(request, by: user, host: &host) { return }
        try sendElsewhere(request, user)
        // The RFC's code for what the operator wants so, and coturn's for the same; it says not to try again here.
        guard !isDraining else { throw Refusal(.forbidden) }
        let wish = try AllocateWish(request, by: user, settings)
        if let family = wish.requiredFamily, !resources.canRelay(family) { throw Refusal(.addressFamilyNotSupported) }
        let index = try open(wish, for: request, by: user, host: &host)
        writeAllocateSuccess(request, index)
        let allocation = allocations[index]
        host.note(
            .allocationCreated(
                allocations.id(of: index), allocation.fiveTuple, username: user.username,
                relayed: [allocation.ipv4, allocation.ipv6].compactMap { $0?.advertised },
                lifetimeSeconds: wish.lifetimeSeconds))
    }

    /// 300 where there are other servers to go to. Only clients with credentials are told: they alone can tell that it was
    /// this server who said so (RFC 8489 §10).
    private mutating func sendElsewhere(_ request: borrowing Request, _ user: Identity) throws(Refusal) {
        guard case .longTerm = settings.authentication else { return }
        let servers = alternateServers.next(for: request.client.fiveTuple)
        guard servers.isEmpty else { throw Refusal(tryInstead: servers) }
    }

    // MARK: - Repetition

    /// Answers a retransmitted Allocate as the first time, and refuses another one on a 5-tuple that is in use.
    private mutating func repeatedAllocate<Host: RelayHost & ~Copyable>(
        _ request: borrowing Request, by user: Identity, host: inout Host
    ) throws(Refusal) -> Bool {
        let transaction = request.message.transactionID
        let fiveTuple = request.client.fiveTuple
        let now = request.now.instant
        if let index = allocations.find(fiveTuple), now >= allocations[index].expiry {
            end(index, .expired, now: now, host: &host)
        }
        guard let index = allocations.find(fiveTuple) else {
            guard !departed.contains(fiveTuple, transaction, now: now) else { throw Refusal(.allocationMismatch) }
            return false
        }
        guard allocations[index].creatingTransaction == transaction,
            allocations.owner(of: index).isSame(as: user)
        else { throw Refusal(.allocationMismatch) }
        writeAllocateSuccess(request, index)
        return true
    }

    // MARK: - Opening

    private mutating func open<Host: RelayHost & ~Copyable>(
        _ wish: AllocateWish, for request: borrowing Request, by user: Identity, host: inout Host
    ) throws(Refusal) -> UInt32 {
        // Nothing depends on when `expire` runs: what lapsed reservations hold is free for this Allocate.
        resources.expireReservations(now: request.now.instant)
        var claimed: RelayResources.Port?
        if let token = wish.reservationToken {
            // A claimed reservation has its place in the quota already.
            claimed = resources.claim(token, for: user.quotaHolder, now: request.now.instant)
            guard claimed != nil else { throw Refusal(.insufficientCapacity) }
        } else {
            try admit(user)
        }
        let index = allocations.insert(
            Allocation(
                fiveTuple: request.client.fiveTuple, path: request.client.path, relayTransport: wish.transport,
                creatingTransaction: request.message.transactionID, created: request.now.instant),
            owner: AllocationOwner(user))
        limitBandwidth(of: index)
        do throws(Refusal) {
            try openRelays(of: index, wish, claimed: claimed, user: user, now: request.now.instant, host: &host)
            if wish.isMobile { makeMobile(index) }
            cancelAnnouncements(of: request.client.fiveTuple)
            armTimer(of: index)
            return index
        } catch {
            undo(index, now: request.now.instant, host: &host)
            resources.release(user.quotaHolder)
            throw error
        }
    }

    private func admit(_ user: Identity) throws(Refusal) {
        switch resources.admit(user.quotaHolder) {
        case .admitted: break
        case .userQuotaReached: throw Refusal(.allocationQuotaReached)
        case .totalQuotaReached, .bandwidthTaken: throw Refusal(.insufficientCapacity)
        }
    }

    private mutating func openRelays<Host: RelayHost & ~Copyable>(
        of index: UInt32, _ wish: AllocateWish, claimed: RelayResources.Port?, user: Identity, now: Instant,
        host: inout Host
    ) throws(Refusal) {
        let expiry = now.adding(seconds: wish.lifetimeSeconds)
        if let claimed {
            guard (try? openRelay(at: claimed, of: index, until: expiry, host: &host)) == true else {
                resources.returnPort(claimed)
                throw Refusal(.insufficientCapacity)
            }
            return
        }
        if wish.wantsBothFamilies { return try openBothFamilies(of: index, wish, until: expiry, host: &host) }
        if wish.port == .evenWithNext { try admit(user) }  // the reservation counts too
        do throws(Refusal) {
            let port = try openRelay(wish.family, wish.port, of: index, until: expiry, host: &host)
            if wish.port == .evenWithNext {
                allocations[index].reservationToken = resources.reserve(
                    RelayResources.Port(poolIndex: port.poolIndex, number: port.number &+ 1), for: user.quotaHolder,
                    until: now.adding(seconds: settings.reservationLifetimeSeconds))
            }
        } catch {
            if wish.port == .evenWithNext { resources.release(user.quotaHolder) }
            throw error
        }
    }

    /// Opens an address of each family. One may fail alone; the client is told which and why (RFC 8656 §7.2, step 9).
    private mutating func openBothFamilies<Host: RelayHost & ~Copyable>(
        of index: UInt32, _ wish: AllocateWish, until expiry: Instant, host: inout Host
    ) throws(Refusal) {
        for family in IPAddress.Family.allCases {
            do throws(Refusal) {
                guard resources.canRelay(family) else { throw Refusal(.addressFamilyNotSupported) }
                _ = try openRelay(
                    family, family == wish.family ? wish.port : .any, of: index, until: expiry, host: &host)
            } catch {
                guard allocations[index].missingFamily == nil else { throw Refusal(.insufficientCapacity) }
                allocations[index].missingFamily = Allocation.MissingFamily(family: family, error: error.code)
            }
        }
    }

    /// Draws ports until one can be bound. Ports that some other program holds go back to the pool afterwards.
    private mutating func openRelay<Host: RelayHost & ~Copyable>(
        _ family: IPAddress.Family, _ wish: RelayResources.Wish, of index: UInt32, until expiry: Instant,
        host: inout Host
    ) throws(Refusal) -> RelayResources.Port {
        var conflicting: [RelayResources.Port] = []
        defer {
            for port in conflicting { giveBack(port, wish) }
        }
        while conflicting.count < Self.maximumBindAttempts {
            guard let port = resources.takePort(family, wish) else { break }
            do throws(Refusal) {
                if try openRelay(at: port, of: index, until: expiry, host: &host) { return port }
            } catch {
                conflicting.append(port)
                throw error
            }
            conflicting.append(port)
        }
        throw Refusal(.insufficientCapacity)
    }

    private static var maximumBindAttempts: Int { 64 }

    private func giveBack(_ port: RelayResources.Port, _ wish: RelayResources.Wish) {
        resources.returnPort(port)
        guard wish == .evenWithNext else { return }
        resources.returnPort(RelayResources.Port(poolIndex: port.poolIndex, number: port.number &+ 1))
    }

    /// Opens the socket of one port; false when another program has it.
    private mutating func openRelay<Host: RelayHost & ~Copyable>(
        at port: RelayResources.Port, of index: UInt32, until expiry: Instant, host: inout Host
    ) throws(Refusal) -> Bool {
        let relayAddress = resources.addresses[port.poolIndex]
        let bound = TransportAddress(relayAddress.bound, port: port.number)
        switch host.openRelay(allocations[index].relayTransport, at: bound, for: allocations.id(of: index)) {
        case .opened(let handle):
            allocations[index][bound.family] = RelayedTransportAddress(
                handle: handle, advertised: TransportAddress(relayAddress.advertised, port: port.number),
                poolIndex: port.poolIndex, expiry: expiry)
            return true
        case .addressInUse:
            return false
        case .failed:
            throw Refusal(.insufficientCapacity)
        }
    }

    // MARK: - Reply

    private mutating func writeAllocateSuccess(_ request: borrowing Request, _ index: UInt32) {
        let allocation = allocations[index]
        beginSuccess(request)
        if let relayed = allocation.ipv4 { writer.add(.xorRelayedAddress, xor: relayed.advertised) }
        if let relayed = allocation.ipv6 { writer.add(.xorRelayedAddress, xor: relayed.advertised) }
        writer.add(.lifetime, request.now.instant.secondsUntil(allocation.expiry))
        writer.add(.xorMappedAddress, xor: allocation.fiveTuple.client)
        if let token = allocation.reservationToken { writer.add(.reservationToken, token) }
        addTicket(for: index)
        if let missing = allocation.missingFamily { writer.add(addressError: missing.error, family: missing.family) }
    }
}
