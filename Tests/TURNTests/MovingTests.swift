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
    private func install(_ moved: MovedAllocation) -> AllocationID? { away.engine.install(moved) }
    private func announced(_ client: TestClient) -> MobilityID? { home.engine.announced(by: client.fiveTuple) }
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
        if let id = announced(visitor) {
            let claim = MobilityClaim(id: id, worker: 0, client: visitor.asSource)
            away.engine.expect(claim, now: away.now.instant)
        }
        return reply
    }

    /// Carries out the claim of the last packet that came to `away`.
    private func carryOver(_ relayed: TransportAddress) throws -> AllocationID {
        let claim = try #require(takeClaim())
        let moved = try #require(release(claim))
        home.resources.mobility.enter(claim.id, worker: 1)
        for relay in moved.relays { home.host.closeRelay(relay.handle) }
        let id = try #require(install(moved))
        guard case .opened(let handle) = away.host.openRelay(.udp, at: relayed, for: id) else {
            throw NotOpened()
        }
        away.engine.attach(handle, .ipv4, to: id)
        return id
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
        _ = try carryOver(relayed)
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
        _ = try carryOver(relayed)
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

    @Test(
        "O05: where the path is taken meanwhile the allocation ends, and gives its port and its place in the quota back"
    )
    func pathTaken() throws {
        let (ticket, _) = try allocation(home.client())
        let visitor = away.client(at: "91.0.0.1:6000")
        _ = try announce(visitor, ticket)
        _ = visitor.send([3], through: 0x4000)
        let claim = try #require(takeClaim())
        let moved = try #require(release(claim))
        for relay in moved.relays { home.host.closeRelay(relay.handle) }
        #expect(try visitor.allocate().isSuccess)
        #expect(install(moved) == nil)
        #expect(try visitor.refresh(lifetime: 0).isSuccess)
        #expect(away.isEmpty && home.isEmpty && home.resources.mobility.count == 0)
    }
}
