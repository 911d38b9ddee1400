import Accounts
import Addressing
import STUN
import TURN
import TestBench
import Testing
import Timing

/// An allocation that goes from one worker to another with its client. The test carries what the workers' mailboxes carry.
@Suite("Mobility across workers")
struct MovingTests {
    let home = Bench(place: WorkerPlace(index: 0, of: 2)) { $0.mobilityKey = [UInt8](repeating: 5, count: 32) }
    let away: Bench
    let peer = "5.6.7.8:9000"

    init() {
        away = Bench(besides: home, place: WorkerPlace(index: 1, of: 2))
    }

    private func takeClaim() -> MobilityClaim? { away.engine.takeClaim() }
    private func release(_ claim: MobilityClaim) -> MovedAllocation? {
        home.engine.release(claim, now: home.now.instant, host: &home.host)
    }
    private func announced(_ client: TestClient) -> MobilityID? {
        home.engine.announced(by: client.fiveTuple, now: home.now.instant)
    }
    private func answer(to bytes: [UInt8], of client: TestClient) -> Reply? {
        home.deliver(bytes, from: client.asSource).reply
    }

    /// A mobile allocation at home with a channel: its ticket and its relayed address.
    private func allocation(_ client: TestClient) throws -> (ticket: [UInt8], relayed: TransportAddress) {
        let reply = try client.allocate { $0.add(.mobilityTicket, []) }
        #expect(try client.bind(0x4000, to: peer).isSuccess)
        return (try #require(reply.value(.mobilityTicket)), try #require(reply.relayed.first))
    }

    /// Announces the path of `visitor` by a Refresh that comes to the wrong worker and is carried to the right one.
    private func announce(_ visitor: TestClient, _ ticket: [UInt8]) throws -> Reply {
        if visitor.nonce == nil { try visitor.takeNonce() }
        let bytes = visitor.message(.refresh) { $0.add(.mobilityTicket, ticket) }
        #expect(visitor.send(bytes) == .handedOver(worker: 0))
        let reply = try #require(answer(to: bytes, of: visitor))
        if let id = announced(visitor) { away.engine.expect(id, by: visitor.asSource, now: away.now.instant) }
        return reply
    }

    /// Carries out the claim of the last packet that came to `away`.
    private func carryOver(_ relayed: TransportAddress) throws {
        try arrive(try depart(), at: relayed)
    }

    /// Home gives the allocation away.
    private func depart() throws -> MovedAllocation {
        let claim = try #require(takeClaim())
        let moved = try #require(release(claim))
        for relay in moved.relays { home.host.closeRelay(relay.handle) }
        #expect(home.resources.mobility.move(claim.id, to: 1) { true })
        return moved
    }

    /// The other worker takes it.
    private func arrive(_ moved: MovedAllocation, at relayed: TransportAddress) throws {
        let id = away.engine.install(moved, now: away.now.instant)
        guard case .opened(let handle) = away.host.openRelay(.udp, at: relayed, for: id) else {
            throw NotOpened()
        }
        away.engine.attach([(.ipv4, handle)], to: id, now: away.now, host: &away.host)
    }

    /// An allocation at home with the path of a client announced to the other worker.
    private func announcedAllocation(
        _ client: TestClient, to visitor: TestClient
    ) throws -> (ticket: [UInt8], relayed: TransportAddress) {
        let (ticket, relayed) = try allocation(client)
        #expect(try announce(visitor, ticket).isSuccess)
        return (ticket, relayed)
    }

    private struct NotOpened: Error {}

    @Test(
        "O02, O03: a ticket that comes to another worker is answered by its own; the first packet takes the allocation there"
    )
    func moves() throws {
        let alice = home.client()
        let (ticket, relayed) = try allocation(alice)
        let visitor = away.client(at: "91.0.0.1:6000")
        #expect(try announce(visitor, ticket).lifetime == 600)
        #expect(
            alice.send([1], through: 0x4000).relayed?.payload == [1], "the old path serves until the new one is used")
        #expect(home.datagram([2], from: peer, to: relayed) != nil)

        #expect(visitor.send([3], through: 0x4000) == .silence, "this packet waits for the allocation")
        try carryOver(relayed)
        #expect(home.engine.allocations.count == 0 && home.engine.timerCount == 0)
        #expect(home.engine.channelCount == 0 && home.engine.permissionCount == 0 && home.engine.handoffCount == 0)
        #expect(visitor.send([3], through: 0x4000).relayed?.payload == [3])
        #expect(away.datagram([4], from: peer, to: relayed) == [0x40, 0, 0, 1, 4])
        #expect(alice.send([5], through: 0x4000) == .silence)
        #expect(try visitor.refresh().isSuccess)
        #expect(try visitor.refresh(lifetime: 0).isSuccess)
        #expect(away.isEmpty && home.resources.mobility.count == 0)
    }

    @Test("O02: the ticket of before the move is good after it, from either worker")
    func olderTicket() throws {
        let alice = home.client()
        let (ticket, relayed) = try allocation(alice)
        let visitor = away.client(at: "91.0.0.1:6000")
        let newer = try #require(try announce(visitor, ticket).value(.mobilityTicket))
        _ = visitor.send([3], through: 0x4000)
        try carryOver(relayed)
        for ticket in [ticket, newer] {
            #expect(try visitor.request(.refresh) { $0.add(.mobilityTicket, ticket) }.lifetime == 600)
            let back = home.client(at: "90.0.0.1:5001")
            if back.nonce == nil { try back.takeNonce() }
            let bytes = back.message(.refresh) { $0.add(.mobilityTicket, ticket) }
            #expect(back.send(bytes) == .handedOver(worker: 1))
        }
    }

    @Test("O02, N9: another user with the ticket gets 441 from the worker that has the allocation, and expects nothing")
    func foreignUser() throws {
        let (ticket, _) = try allocation(home.client())
        let mallory = away.client("bob", at: "91.0.0.1:6000")
        #expect(try announce(mallory, ticket).error == 441)
        #expect(mallory.send([3], through: 0x4000) == .silence)
        #expect(takeClaim() == nil)
    }

    @Test("O03: a path that is not used in 30 seconds is given up on both sides")
    func tooLate() throws {
        let alice = home.client()
        let (ticket, _) = try allocation(alice)
        let visitor = away.client(at: "91.0.0.1:6000")
        _ = try announce(visitor, ticket)
        away.advance(seconds: 30)
        home.advance(seconds: 30)
        #expect(visitor.send([3], through: 0x4000) == .silence)
        #expect(takeClaim() == nil)
        #expect(alice.send([1], through: 0x4000).relayed != nil)
    }

    @Test("O04: a claim for a path that is not the announced one, or for what has ended, gets nothing")
    func badClaims() throws {
        let alice = home.client()
        let (ticket, _) = try allocation(alice)
        let visitor = away.client(at: "91.0.0.1:6000")
        _ = try announce(visitor, ticket)
        let id = try #require(announced(visitor))
        let stranger = away.client(at: "91.0.0.2:6000")
        #expect(
            release(MobilityClaim(id: id, worker: 0, client: stranger.asSource))
                == nil)
        #expect(try alice.refresh(lifetime: 0).isSuccess)
        #expect(
            release(MobilityClaim(id: id, worker: 0, client: visitor.asSource))
                == nil)
        #expect(home.isEmpty)
    }

    @Test("O03: while the allocation is on its way, what follows the first packet is dropped and not refused")
    func onItsWay() throws {
        let visitor = away.client(at: "91.0.0.1:6000")
        let (_, relayed) = try announcedAllocation(home.client(), to: visitor)
        #expect(visitor.send([3], through: 0x4000) == .silence)
        let moved = try depart()
        for bytes in [visitor.message(.refresh), visitor.message(.createPermission), visitor.message(.allocate)] {
            #expect(visitor.send(bytes) == .silence)
        }
        #expect(visitor.send([4], through: 0x4000) == .silence)
        #expect(takeClaim() == nil, "it is claimed once")
        try arrive(moved, at: relayed)
        #expect(try visitor.refresh().isSuccess)
        #expect(visitor.send([5], through: 0x4000).relayed?.payload == [5])
    }

    @Test("O03: an allocation that was claimed and does not come is waited for two seconds, and no longer")
    func neverComes() throws {
        let visitor = away.client(at: "91.0.0.1:6000")
        _ = try announcedAllocation(home.client(), to: visitor)
        #expect(visitor.send([3], through: 0x4000) == .silence)
        away.advance(milliseconds: 1999)
        #expect(visitor.send(visitor.message(.refresh)) == .silence)
        away.advance(milliseconds: 1)
        #expect(try visitor.refresh().error == 437)
    }

    @Test(
        "O02: a ticket that comes by a path with an allocation of its own gets 437, and neither allocation suffers",
        arguments: [ClientTransport.udp, .tcp])
    func pathInUse(transport: ClientTransport) throws {
        let alice = home.client()
        let (ticket, _) = try allocation(alice)
        let visitor = away.client(at: "91.0.0.1:6000", over: transport)
        #expect(try visitor.allocate().isSuccess && visitor.bind(0x4001, to: peer).isSuccess)
        #expect(try visitor.request(.refresh) { $0.add(.mobilityTicket, ticket) }.error == 437)
        #expect(visitor.send([1], through: 0x4001).relayed?.payload == [1])
        #expect(alice.send([1], through: 0x4000).relayed?.payload == [1])
    }

    @Test("O02: an answer that comes back when the path has an allocation of its own announces nothing")
    func lateAnswer() throws {
        let alice = home.client()
        let (ticket, _) = try allocation(alice)
        let visitor = away.client(at: "91.0.0.1:6000")
        try visitor.takeNonce()
        let bytes = visitor.message(.refresh) { $0.add(.mobilityTicket, ticket) }
        #expect(visitor.send(bytes) == .handedOver(worker: 0))
        #expect(try visitor.allocate().isSuccess && visitor.bind(0x4001, to: peer).isSuccess)
        #expect(answer(to: bytes, of: visitor)?.isSuccess == true)
        away.engine.expect(try #require(announced(visitor)), by: visitor.asSource, now: away.now.instant)
        #expect(visitor.send([1], through: 0x4001).relayed?.payload == [1])
        #expect(takeClaim() == nil)
    }

    @Test("O04: each allocation is expected by one path, however many its client announces")
    func oneExpectation() throws {
        let (ticket, _) = try allocation(home.client())
        let visitors = (1...50).map { away.client(at: "91.0.0.1:\($0)") }
        for visitor in visitors { #expect(try announce(visitor, ticket).isSuccess) }
        for visitor in visitors.dropLast() {
            #expect(visitor.send([3], through: 0x4000) == .silence)
            #expect(takeClaim() == nil)
        }
        #expect(visitors[49].send([3], through: 0x4000) == .silence)
        #expect(takeClaim()?.client.fiveTuple == visitors[49].fiveTuple)
    }

    @Test("S2: what was denied while the allocation was on its way has ended when it comes, and is told")
    func deniedOnItsWay() throws {
        let visitor = away.client(at: "91.0.0.1:6000")
        let (_, relayed) = try announcedAllocation(home.client(), to: visitor)
        _ = visitor.send([3], through: 0x4000)
        let moved = try depart()
        let denied = try AddressRange(parsing: "5.6.7.0/24")
        for worker in [home, away] {
            worker.reload { $0.peerPolicy = PeerPolicy(rules: [PeerRule(.deny, denied, origin: "test")]) }
        }
        try arrive(moved, at: relayed)
        #expect(away.engine.permissionCount == 0 && away.engine.channelCount == 0)
        guard case .peerDenied(_, _, Bench.ip("5.6.7.8"), _) = away.host.events.last else {
            return #expect(Bool(false), "the operator is not told")
        }
        #expect(visitor.send([3], through: 0x4000) == .silence)
        #expect(try visitor.refresh().isSuccess)
    }

    @Test("A user revoked while the allocation is on its way loses it when it comes")
    func revokedOnItsWay() throws {
        let visitor = away.client(at: "91.0.0.1:6000")
        let (_, relayed) = try announcedAllocation(home.client(), to: visitor)
        _ = visitor.send([3], through: 0x4000)
        let moved = try depart()
        let entry = Revocations.Entry(username: Array("alice".utf8), until: nil)
        #expect(home.engine.settings.revocations.insert(entry, unixSeconds: home.now.unixSeconds))
        try arrive(moved, at: relayed)
        guard case .allocationEnded(_, _, _, _, _, .ended) = away.host.events.last else {
            return #expect(Bool(false), "the operator is not told")
        }
        #expect(away.isEmpty && home.isEmpty && home.resources.mobility.count == 0)
    }

    @Test("O05: where the path is taken or gone meanwhile the allocation is on none, and its ticket leads to it still")
    func pathTaken() throws {
        for isTaken in [true, false] {
            let visitor = away.client(at: "91.0.0.1:6000")
            let (ticket, relayed) = try announcedAllocation(home.client(), to: visitor)
            _ = visitor.send([3], through: 0x4000)
            let moved = try depart()
            if isTaken {
                away.advance(seconds: 2)
                #expect(try visitor.allocate().isSuccess)
            } else {
                away.engine.disconnect(visitor.asSource, now: away.now.instant, host: &away.host)
            }
            try arrive(moved, at: relayed)
            #expect(visitor.send([3], through: 0x4000) == .silence)
            #expect(try egress(of: relayed) == .nowhere)
            let back = away.client(at: "92.0.0.1:7000")
            #expect(try back.request(.refresh) { $0.add(.mobilityTicket, ticket) }.isSuccess)
            #expect(back.send([4], through: 0x4000).relayed?.payload == [4])
            #expect(try back.refresh(lifetime: 0).isSuccess)
            if isTaken { #expect(try visitor.refresh(lifetime: 0).isSuccess) }
            #expect(away.isEmpty && home.isEmpty && home.resources.mobility.count == 0)
        }
    }

    /// The way that a datagram of the peer takes from the other worker to a client.
    private func egress(of relayed: TransportAddress) throws -> ClientPath? {
        let handle = try #require(away.host.handle(at: relayed))
        let id = try #require(away.host.sockets[handle]).allocation
        let action = away.engine.receiveFromPeer(Bench.address(peer), byteCount: 1, on: id, now: away.now.instant)
        guard case .channelData(_, let path, _) = action else { return nil }
        return path
    }

    @Test("An operator reads where an allocation comes from, and nobody reads that it has ended")
    func told() throws {
        let alice = home.client()
        let visitor = away.client(at: "91.0.0.1:6000")
        let (_, relayed) = try announcedAllocation(alice, to: visitor)
        guard case .allocationCreated(let former, _, _, _, _) = home.host.events.first else {
            return #expect(Bool(false), "not created")
        }
        _ = visitor.send([3], through: 0x4000)
        try carryOver(relayed)
        guard case .allocationMoved(_, visitor.fiveTuple, let username, let origin) = away.host.events.last else {
            return #expect(Bool(false), "not told")
        }
        #expect(username == alice.username)
        #expect(origin.worker == 0 && origin.id == former && origin.fiveTuple == alice.fiveTuple)
        let endings = (home.host.events + away.host.events).filter { event in
            if case .allocationEnded = event { true } else { false }
        }
        #expect(endings.isEmpty)
    }

    @Test("What was carried stays counted where it was carried: totals by transport never shrink")
    func totals() throws {
        let alice = home.client(over: .tcp)
        let visitor = away.client(at: "91.0.0.1:6000")
        let (_, relayed) = try announcedAllocation(alice, to: visitor)
        for _ in 0..<3 { _ = alice.send([1, 2], through: 0x4000) }
        #expect(sentPackets(.tcp) == 3)
        _ = visitor.send([3], through: 0x4000)
        let moved = try depart()
        #expect(sentPackets(.tcp) == 3)
        try arrive(moved, at: relayed)
        #expect(sentPackets(.tcp) == 3 && sentPackets(.udp) == 0)
        for _ in 0..<2 { _ = visitor.send([1], through: 0x4000) }
        #expect(sentPackets(.tcp) == 3 && sentPackets(.udp) == 2)
        #expect(try visitor.refresh(lifetime: 0).isSuccess)
        #expect(sentPackets(.tcp) == 3 && sentPackets(.udp) == 2)
        guard case .allocationEnded(_, _, _, let traffic, _, _) = away.host.events.last else {
            return #expect(Bool(false), "not told")
        }
        #expect(traffic.sentPackets == 5 && traffic.sentBytes == 8)
    }

    /// What both workers have counted for clients of a transport.
    private func sentPackets(_ transport: ClientTransport) -> UInt64 {
        [home, away].map { worker in
            worker.engine.beginTally()
            while !worker.engine.continueTally(limit: 1) {}
            return worker.engine.tally.traffic[Int(transport.rawValue)].sentPackets
        }.reduce(0, +)
    }
}
