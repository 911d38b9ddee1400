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
        let wish = try AllocateWish(request.message, client: request.client.fiveTuple.client, settings)
        for family in wish.requiredFamilies where !resources.canRelay(family) {
            throw Refusal(.addressFamilyNotSupported)
        }
        let made = try open(wish, for: request, by: user, host: &host)
        writeAllocateSuccess(request, made)
        let allocation = allocations[made.index]
        host.note(
            .allocationCreated(
                allocations.id(of: made.index), allocation.fiveTuple, username: user.username,
                relayed: [allocation.ipv4, allocation.ipv6].compactMap { $0?.advertised },
                lifetimeSeconds: wish.lifetimeSeconds))
    }

    /// What an Allocate came to.
    private struct Made {
        var index: UInt32
        /// Why the additional family is missing, if it is.
        var additionalFamilyError: ErrorCode?
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
            allocations.owner(of: index).username == user.username
        else { throw Refusal(.allocationMismatch) }
        writeAllocateSuccess(request, Made(index: index))
        return true
    }

    // MARK: - Opening

    private mutating func open<Host: RelayHost & ~Copyable>(
        _ wish: AllocateWish, for request: borrowing Request, by user: Identity, host: inout Host
    ) throws(Refusal) -> Made {
        // Nothing depends on when `expire` runs: what lapsed reservations hold is free for this Allocate.
        resources.expireReservations(now: request.now.instant)
        var claimed: RelayResources.Port?
        if let token = wish.reservationToken {
            // A claimed reservation has its place in the quota already.
            claimed = resources.claim(token, for: user.quotaName, now: request.now.instant)
            guard claimed != nil else { throw Refusal(.insufficientCapacity) }
        } else {
            try admit(user)
        }
        let index = allocations.insert(
            Allocation(
                fiveTuple: request.client.fiveTuple, path: request.client.path,
                creatingTransaction: request.message.transactionID, created: request.now.instant),
            owner: AllocationOwner(username: user.username, quotaName: user.quotaName, key: user.key))
        do throws(Refusal) {
            let made = try openRelays(
                of: index, wish, claimed: claimed, user: user, now: request.now.instant, host: &host)
            armTimer(of: index)
            return made
        } catch {
            undo(index, host: &host)
            resources.release(user.quotaName)
            throw error
        }
    }

    private func admit(_ user: Identity) throws(Refusal) {
        switch resources.admit(user.quotaName) {
        case .admitted: break
        case .userQuotaReached: throw Refusal(.allocationQuotaReached)
        case .totalQuotaReached: throw Refusal(.insufficientCapacity)
        }
    }

    private mutating func openRelays<Host: RelayHost & ~Copyable>(
        of index: UInt32, _ wish: AllocateWish, claimed: RelayResources.Port?, user: Identity, now: Instant,
        host: inout Host
    ) throws(Refusal) -> Made {
        var made = Made(index: index)
        let expiry = now.adding(seconds: wish.lifetimeSeconds)
        if let claimed {
            guard (try? openRelay(at: claimed, of: index, until: expiry, host: &host)) == true else {
                resources.returnPort(claimed)
                throw Refusal(.insufficientCapacity)
            }
            return made
        }
        if wish.port == .evenWithNext { try admit(user) }  // the reservation counts too
        do throws(Refusal) {
            let port = try openRelay(wish.family, wish.port, of: index, until: expiry, host: &host)
            if wish.port == .evenWithNext {
                allocations[index].reservationToken = resources.reserve(
                    RelayResources.Port(poolIndex: port.poolIndex, number: port.number &+ 1), for: user.quotaName,
                    until: now.adding(seconds: settings.reservationLifetimeSeconds))
            }
        } catch {
            if wish.port == .evenWithNext { resources.release(user.quotaName) }
            throw error
        }
        if let additional = wish.additionalFamily {
            // The second family may fail alone; the client is told which and why (RFC 8656 §7.2).
            do throws(Refusal) {
                guard resources.canRelay(additional) else { throw Refusal(.addressFamilyNotSupported) }
                _ = try openRelay(additional, .any, of: index, until: expiry, host: &host)
            } catch {
                made.additionalFamilyError = error.code
            }
        }
        return made
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
        switch host.openRelay(at: bound, for: allocations.id(of: index)) {
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

    private mutating func writeAllocateSuccess(_ request: borrowing Request, _ made: Made) {
        let allocation = allocations[made.index]
        beginSuccess(request)
        if let relayed = allocation.ipv4 { writer.add(.xorRelayedAddress, xor: relayed.advertised) }
        if let relayed = allocation.ipv6 { writer.add(.xorRelayedAddress, xor: relayed.advertised) }
        writer.add(.lifetime, request.now.instant.secondsUntil(allocation.expiry))
        writer.add(.xorMappedAddress, xor: allocation.fiveTuple.client)
        if let token = allocation.reservationToken { writer.add(.reservationToken, token) }
        if let error = made.additionalFamilyError { writer.add(addressError: error, family: .ipv6) }
    }
}
