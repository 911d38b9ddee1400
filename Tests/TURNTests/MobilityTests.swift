import Accounts
import Addressing
import Cryptography
import STUN
import TURN
import TestBench
import Testing
import Timing

@Suite("Mobility")
struct MobilityTests {
    let bench = Bench { $0.mobilityKey = [UInt8](repeating: 5, count: 32) }
    let peer = "5.6.7.8:9000"

    /// A mobile allocation with a permission: its ticket and its relayed address.
    func allocation(_ client: TestClient) throws -> (ticket: [UInt8], relayed: TransportAddress) {
        let reply = try client.allocate { $0.add(.mobilityTicket, []) }
        #expect(try client.permit(peer).isSuccess)
        return (try #require(reply.value(.mobilityTicket)), try #require(reply.relayed.first))
    }

    func refresh(_ client: TestClient, _ ticket: [UInt8], lifetime: UInt32? = nil) throws -> Reply {
        try client.request(.refresh) { writer in
            writer.add(.mobilityTicket, ticket)
            if let lifetime { writer.add(.lifetime, lifetime) }
        }
    }

    /// Where a datagram of the peer goes.
    func egress(of relayed: TransportAddress) throws -> TransportAddress? {
        let handle = try #require(bench.host.handle(at: relayed))
        let id = try #require(bench.host.sockets[handle]).allocation
        let action = bench.engine.receiveFromPeer(
            Bench.address(peer), byteCount: 1, on: id, now: bench.now.instant)
        guard case .dataIndication(_, _, let fiveTuple) = action else { return nil }
        return fiveTuple.client
    }

    @Test(
        "O01: without mobility an Allocate or Refresh with a ticket gets 405",
        arguments: [[], [1, 2, 3, 4]] as [[UInt8]])
    func forbidden(ticket: [UInt8]) throws {
        let bench = Bench()
        let alice = bench.client()
        #expect(try alice.allocate { $0.add(.mobilityTicket, ticket) }.error == 405)
        #expect(bench.isEmpty)
        #expect(try alice.allocate().isSuccess)
        #expect(try alice.request(.refresh) { $0.add(.mobilityTicket, ticket) }.error == 405)
    }

    @Test("O01: an empty ticket in an Allocate asks for one, any other gets 400")
    func asks() throws {
        let alice = bench.client()
        #expect(try alice.allocate { $0.add(.mobilityTicket, [1, 2, 3, 4]) }.error == 400)
        #expect(try allocation(alice).ticket.count == 36)
        #expect(try bench.client("bob", at: "90.0.0.2:1").allocate().value(.mobilityTicket) == nil)
    }

    @Test("O02: a ticket that is not ours or broken gets 400, one of an allocation gone 437")
    func badTicket() throws {
        let alice = bench.client()
        let (ticket, _) = try allocation(alice)
        let moved = bench.client(at: "91.0.0.1:6000")
        for index in ticket.indices {
            var bad = ticket
            bad[index] ^= 1
            #expect(try refresh(moved, bad).error == 400)
        }
        for bad in [[], Array(ticket.dropLast()), ticket + [0], [UInt8](repeating: 0, count: 36)] {
            #expect(try refresh(moved, bad).error == 400)
        }
        let other = Bench { $0.mobilityKey = [UInt8](repeating: 6, count: 32) }
        _ = try other.client().allocate { $0.add(.mobilityTicket, []) }
        #expect(try refresh(other.client(at: "91.0.0.1:6000"), ticket).error == 400)
        #expect(try alice.refresh(lifetime: 0).isSuccess)
        #expect(try refresh(moved, ticket).error == 437)
        _ = try allocation(bench.client("bob", at: "90.0.0.2:1"))
        #expect(try refresh(moved, ticket).error == 437)
    }

    @Test("O02, N9: another user with the ticket gets 441 (CVE-2026-65981)")
    func stolenTicket() throws {
        let (ticket, relayed) = try allocation(bench.client())
        let bob = bench.client("bob", at: "91.0.0.1:6000")
        let reply = try refresh(bob, ticket)
        #expect(reply.error == 441)
        #expect(reply.hasIntegrity(under: bob.key))
        #expect(bench.engine.handoffCount == 0)
        #expect(bob.send([1], to: peer) == .silence)
        #expect(try egress(of: relayed) == bench.client().fiveTuple.client)
    }

    @Test("O02: a Refresh with a ticket gets a new one; both lead to the allocation")
    func newTicket() throws {
        let alice = bench.client()
        let (first, _) = try allocation(alice)
        let moved = bench.client(at: "91.0.0.1:6000")
        let reply = try refresh(moved, first)
        #expect(reply.types == [.lifetime, .mobilityTicket, .messageIntegrity])
        let second = try #require(reply.value(.mobilityTicket))
        let third = try #require(refresh(moved, second).value(.mobilityTicket))
        #expect(Set([first, second, third]).count == 3)
        #expect(try alice.refresh().types == [.lifetime, .messageIntegrity])
    }

    @Test("O02: on the path that the allocation has, a ticket gets 400")
    func noMove() throws {
        let alice = bench.client()
        let (ticket, _) = try allocation(alice)
        #expect(try refresh(alice, ticket).error == 400)
        let moved = bench.client(at: "91.0.0.1:6000")
        #expect(try refresh(moved, ticket).isSuccess)
        #expect(moved.send([1], to: peer).relayed != nil)
        bench.advance(seconds: 29)
        #expect(try refresh(moved, ticket).isSuccess)
        bench.advance(seconds: 2)
        #expect(try refresh(moved, ticket).error == 400)
    }

    @Test("O03: when the old path is closed the announced one takes over at once, whichever came first")
    func closedPath() throws {
        for closesFirst in [true, false] {
            let bench = Bench { $0.mobilityKey = [UInt8](repeating: 5, count: 32) }
            let alice = bench.client(over: .tcp)
            let reply = try alice.allocate { $0.add(.mobilityTicket, []) }
            let ticket = try #require(reply.value(.mobilityTicket))
            let relayed = try #require(reply.relayed.first)
            #expect(try alice.permit(peer).isSuccess)
            let moved = bench.client(at: "91.0.0.1:6000", over: .tcp)
            if closesFirst { bench.engine.disconnect(alice.asSource, now: bench.now.instant, host: &bench.host) }
            #expect(try moved.request(.refresh) { $0.add(.mobilityTicket, ticket) }.isSuccess)
            if !closesFirst { bench.engine.disconnect(alice.asSource, now: bench.now.instant, host: &bench.host) }
            #expect(bench.datagram([9], from: peer, to: relayed) != nil)
            let isOnNewPath = bench.engine.hasAllocation(moved.fiveTuple)
            #expect(isOnNewPath)
        }
    }

    @Test("O03: the old path serves both ways until the new one is used, and no longer")
    func handoff() throws {
        let alice = bench.client()
        let (ticket, relayed) = try allocation(alice)
        let moved = bench.client(at: "91.0.0.1:6000")
        #expect(try refresh(moved, ticket).lifetime == 600)
        #expect(try egress(of: relayed) == alice.fiveTuple.client)
        #expect(alice.send([1], to: peer).relayed != nil)
        #expect(bench.engine.handoffCount == 1)
        #expect(moved.send([2], to: peer).relayed?.payload == [2])
        #expect(bench.engine.handoffCount == 0)
        #expect(try egress(of: relayed) == moved.fiveTuple.client)
        #expect(alice.send([3], to: peer) == .silence)
        #expect(try alice.refresh().error == 437)
        #expect(try moved.refresh(lifetime: 0).isSuccess)
        #expect(bench.isEmpty)
    }

    @Test("O03: ChannelData on the new path moves the allocation as well, with its channels")
    func handoffByChannel() throws {
        let alice = bench.client()
        let (ticket, relayed) = try allocation(alice)
        #expect(try alice.bind(0x4000, to: peer).isSuccess)
        let moved = bench.client(at: "91.0.0.1:6000")
        _ = try refresh(moved, ticket)
        #expect(moved.send([7], through: 0x4000).relayed?.payload == [7])
        #expect(bench.datagram([9], from: peer, to: relayed) == [0x40, 0, 0, 1, 9])
        #expect(alice.send([8], through: 0x4000) == .silence)
    }

    @Test("O03: a request of the owner by the new path moves it too; one of anybody else does not")
    func handoffByRequest() throws {
        let alice = bench.client()
        let (ticket, relayed) = try allocation(alice)
        let moved = bench.client(at: "91.0.0.1:6000")
        _ = try refresh(moved, ticket)
        #expect(try moved.answer(to: moved.bare(.createPermission)).error == 401)
        #expect(try egress(of: relayed) == alice.fiveTuple.client)
        #expect(try moved.permit("5.6.7.9:1").isSuccess)
        #expect(try egress(of: relayed) == moved.fiveTuple.client)
    }

    @Test("O02: the same Refresh sent again is answered again")
    func retransmission() throws {
        let (ticket, _) = try allocation(bench.client())
        let moved = bench.client(at: "91.0.0.1:6000")
        for _ in 0..<3 { #expect(try refresh(moved, ticket).isSuccess) }
        #expect(bench.engine.handoffCount == 1)
        #expect(moved.send([1], to: peer).relayed != nil)
        #expect(try refresh(moved, ticket).isSuccess)
        #expect(bench.engine.handoffCount == 0)
    }

    @Test(
        "O04, 0d: a new path is waited for 29 seconds and not 31; then the old one stays",
        arguments: [29, 31] as [UInt32])
    func deadline(seconds: UInt32) throws {
        let alice = bench.client()
        let (ticket, relayed) = try allocation(alice)
        let moved = bench.client(at: "91.0.0.1:6000")
        _ = try refresh(moved, ticket)
        bench.advance(seconds: seconds, cleaning: false)
        #expect((moved.send([1], to: peer) != .silence) == (seconds == 29))
        #expect(try egress(of: relayed) == (seconds == 29 ? moved : alice).fiveTuple.client)
        bench.clean()
        #expect(bench.engine.handoffCount == 0)
    }

    @Test("O04: one new path at a time: the last that was announced")
    func onePath() throws {
        let (ticket, relayed) = try allocation(bench.client())
        let second = bench.client(at: "91.0.0.1:6000")
        let third = bench.client(at: "92.0.0.1:7000")
        _ = try refresh(second, ticket)
        _ = try refresh(third, ticket)
        #expect(bench.engine.handoffCount == 1)
        #expect(second.send([1], to: peer) == .silence)
        #expect(third.send([1], to: peer).relayed != nil)
        #expect(try egress(of: relayed) == third.fiveTuple.client)
    }

    @Test("O04, O05: a mobile allocation outlives its connection, with its place in the quota, until it expires")
    func disconnected() throws {
        let alice = bench.client(over: .tcp)
        let (ticket, relayed) = try allocation(alice)
        bench.engine.disconnect(alice.asSource, now: bench.now.instant, host: &bench.host)
        #expect(bench.resources.usage.allocations == 1)
        #expect(alice.send([1], to: peer) == .silence)
        let isOnOldPath = bench.engine.hasAllocation(alice.fiveTuple)
        #expect(!isOnOldPath)
        let moved = bench.client(at: "91.0.0.1:6000", over: .tcp)
        #expect(try refresh(moved, ticket).isSuccess)
        #expect(moved.send([1], to: peer).relayed != nil)
        #expect(try egress(of: relayed) == moved.fiveTuple.client)
        bench.engine.disconnect(moved.asSource, now: bench.now.instant, host: &bench.host)
        bench.advance(seconds: 599)
        #expect(!bench.isEmpty)
        bench.advance(seconds: 2)
        #expect(bench.isEmpty)
    }

    @Test(
        "O05, S2: what peers send leads nowhere while the client is away, not to the next client on its old path",
        arguments: [ClientTransport.tcp, .dtls])
    func nobodyElse(transport: ClientTransport) throws {
        let alice = bench.client(over: transport)
        let (ticket, relayed) = try allocation(alice)
        #expect(try path(of: relayed) == alice.asSource.path)
        bench.engine.disconnect(alice.asSource, now: bench.now.instant, host: &bench.host)
        #expect(try path(of: relayed) == .nowhere)
        #expect(try refresh(alice, ticket).isSuccess)
        #expect(alice.send([1], to: peer).relayed != nil)
        #expect(try path(of: relayed) == alice.asSource.path)
    }

    /// The way that a datagram of the peer takes to the client.
    func path(of relayed: TransportAddress) throws -> ClientPath? {
        let handle = try #require(bench.host.handle(at: relayed))
        let id = try #require(bench.host.sockets[handle]).allocation
        let action = bench.engine.receiveFromPeer(Bench.address(peer), byteCount: 1, on: id, now: bench.now.instant)
        guard case .dataIndication(_, let path, _) = action else { return nil }
        return path
    }

    @Test("O03: the move is told once, before anything that follows it")
    func told() throws {
        let alice = bench.client()
        let (ticket, _) = try allocation(alice)
        let moved = bench.client(at: "91.0.0.1:6000")
        _ = try refresh(moved, ticket)
        _ = bench.host.takeEvents()
        #expect(moved.send([2], to: peer).relayed != nil)
        #expect(try moved.refresh(lifetime: 0).isSuccess)
        let events = bench.host.takeEvents()
        guard events.count == 2, case .allocationMoved(let id, moved.fiveTuple, _, let origin) = events[0],
            case .allocationEnded(id, _, _, _, _, .released) = events[1]
        else { return #expect(Bool(false), "told \(events)") }
        #expect(origin.id == id && origin.fiveTuple == alice.fiveTuple)
    }

    @Test("O05: the old path of a lost connection is free for another allocation")
    func reusedPath() throws {
        let alice = bench.client(over: .tcp)
        let (ticket, _) = try allocation(alice)
        bench.engine.disconnect(alice.asSource, now: bench.now.instant, host: &bench.host)
        #expect(try alice.allocate().isSuccess)
        // Its own path leads to the other one now.
        #expect(try refresh(alice, ticket).error == 437)
        let moved = bench.client(at: "91.0.0.1:6000", over: .tcp)
        #expect(try refresh(moved, ticket, lifetime: 0).lifetime == 0)
        #expect(try alice.refresh(lifetime: 0).isSuccess)
        #expect(bench.isEmpty)
    }

    @Test("O05: an allocation that is not mobile ends with its connection")
    func immobile() throws {
        let alice = bench.client(over: .tcp)
        #expect(try alice.allocate().isSuccess)
        bench.engine.disconnect(alice.asSource, now: bench.now.instant, host: &bench.host)
        #expect(bench.isEmpty)
    }

    @Test("O02: a Refresh by ticket with lifetime zero ends the allocation from anywhere")
    func release() throws {
        let (ticket, _) = try allocation(bench.client())
        let moved = bench.client(at: "91.0.0.1:6000")
        let reply = try refresh(moved, ticket, lifetime: 0)
        #expect(reply.types == [.lifetime, .messageIntegrity])
        #expect(bench.isEmpty && bench.engine.handoffCount == 0)
    }

    @Test("G02, O03: a late copy of the Allocate on the old path opens nothing")
    func lateAllocate() throws {
        let alice = bench.client()
        let id = TestClient.freshTransactionID()
        let ticket = try #require(alice.allocate(id) { $0.add(.mobilityTicket, []) }.value(.mobilityTicket))
        _ = try alice.permit(peer)
        let moved = bench.client(at: "91.0.0.1:6000")
        _ = try refresh(moved, ticket)
        _ = moved.send([1], to: peer)
        #expect(try alice.allocate(id) { $0.add(.mobilityTicket, []) }.error == 437)
        #expect(bench.engine.allocations.count == 1)
    }

    @Test("O02, H07: a REST credential that has expired still moves what it opened")
    func expiredCredential() throws {
        let bench = Bench(secrets: ["mysecret"]) { $0.mobilityKey = [UInt8](repeating: 5, count: 32) }
        func client(at address: String) throws -> TestClient {
            let client = bench.client(at: address)
            client.username = Array("1700000100:alice".utf8)
            let password = try #require(SharedSecret(Array("mysecret".utf8))?.password(for: client.username))
            client.key = try #require(
                PasswordAlgorithm.md5.key(username: client.username, realm: Bench.realm, password: password))
            return client
        }
        let alice = try client(at: "90.0.0.1:5000")
        let ticket = try #require(alice.allocate { $0.add(.mobilityTicket, []) }.value(.mobilityTicket))
        bench.advance(seconds: 200)
        let moved = try client(at: "91.0.0.1:6000")
        #expect(try moved.allocate().error == 401)
        #expect(try refresh(moved, ticket).isSuccess)
    }
}
