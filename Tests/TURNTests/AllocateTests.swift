import Addressing
import STUN
import TURN
import TestBench
import Testing

@Suite("Allocate")
struct AllocateTests {
    let bench = Bench()

    // MARK: - The reply

    @Test(
        "G13: a success reply carries the relayed and the mapped address, the lifetime and the integrity, and no more")
    func success() throws {
        let alice = bench.client()
        let reply = try alice.allocate()
        #expect(reply.isSuccess)
        #expect(reply.types == [.xorRelayedAddress, .lifetime, .xorMappedAddress, .messageIntegrity])
        #expect(reply.mapped == alice.fiveTuple.client)
        #expect(reply.lifetime == 600)
        #expect(reply.hasIntegrity(under: alice.key))
        #expect(bench.host.handle(at: try #require(reply.relayed.first)) != nil)
    }

    @Test("G13: RESERVATION-TOKEN is in the reply only when the next port was asked for")
    func tokenOnlyWhenAsked() throws {
        #expect(try bench.client().allocate { $0.add(.evenPort, [0x00]) }.token == nil)
        #expect(try bench.client("bob", at: "90.0.0.2:1").allocate { $0.add(.evenPort, [0x80]) }.token != nil)
    }

    @Test("G01: an Allocate without credentials gets 401 before anything else about it is looked at")
    func unauthenticatedFirst() throws {
        let alice = bench.client()
        let broken = alice.bare(.allocate) { writer in
            writer.add(.requestedTransport, UInt32(132 << 24))
            writer.add(.reservationToken, [1])
            writer.add(.requestedAddressFamily, UInt32(9 << 24))
            writer.add(AttributeType(rawValue: 0x7777), [])
        }
        #expect(try alice.answer(to: broken).error == 401)
        #expect(bench.host.openedCount == 0)
    }

    @Test("G19: a fresh allocation has no permission and no channel")
    func startsEmpty() throws {
        let alice = bench.client()
        let relayed = try alice.relayed()
        #expect(bench.engine.permissionCount == 0)
        #expect(bench.engine.channelCount == 0)
        #expect(bench.datagram([1], from: "5.6.7.8:9000", to: relayed) == nil)
        #expect(alice.send([1], to: "5.6.7.8:9000") == .silence)
        #expect(alice.send([1], through: 0x4000) == .silence)
    }

    @Test("G18: the socket is bound to the relay address and the client is told the external one")
    func externalAddress() throws {
        let bench = Bench(addresses: [RelayAddress(bound: Bench.ip("10.0.0.5"), advertised: Bench.ip("84.9.9.9"))])
        let relayed = try bench.client().relayed()
        #expect(relayed.ip == Bench.ip("84.9.9.9"))
        #expect(bench.host.handle(at: TransportAddress(Bench.ip("10.0.0.5"), port: relayed.port)) != nil)
        #expect(bench.host.sockets.count == 1)
    }

    // MARK: - Repetition

    @Test("G02: a retransmitted Allocate gets the same relayed address and opens no second port")
    func retransmission() throws {
        let alice = bench.client()
        let id = TestClient.freshTransactionID()
        let first = try alice.allocate(id)
        bench.advance(seconds: 10)
        let second = try alice.allocate(id)
        #expect(second.isSuccess)
        #expect(second.relayed == first.relayed)
        #expect(second.lifetime == 590)
        #expect(second.types == first.types)
        #expect(bench.host.openedCount == 1)
        #expect(bench.resources.usage.allocations == 1)
    }

    @Test("G02: the bytes of an Allocate sent twice at once get the same bytes back")
    func retransmittedBytes() throws {
        let alice = bench.client()
        try alice.takeNonce()
        let bytes = alice.message(.allocate) { $0.add(.requestedTransport, UInt32(17 << 24)) }
        #expect(try alice.answer(to: bytes) == alice.answer(to: bytes))
    }

    @Test("G02: a retransmitted Allocate is told the reservation token and the missing family again")
    func retransmissionRepeatsAll() throws {
        let alice = bench.client()
        let id = TestClient.freshTransactionID()
        let first = try alice.allocate(id) { $0.add(.evenPort, [0x80]) }
        #expect(try alice.allocate(id) { $0.add(.evenPort, [0x80]) } == first)

        let bench = Bench(addresses: [Bench.relayAddresses[0]])
        let bob = bench.client("bob")
        let dual = try bob.allocate(id) { $0.add(.additionalAddressFamily, UInt32(2 << 24)) }
        #expect(dual.addressError?.code == 440)
        #expect(try bob.allocate(id) { $0.add(.additionalAddressFamily, UInt32(2 << 24)) } == dual)
    }

    @Test("G02: another Allocate on the same 5-tuple gets 437, whoever sends it")
    func mismatch() throws {
        let alice = bench.client()
        let id = TestClient.freshTransactionID()
        #expect(try alice.allocate(id).isSuccess)
        #expect(try alice.allocate().error == 437)
        #expect(try bench.client("bob").allocate().error == 437)
        #expect(try bench.client("bob").allocate(id).error == 437)
        #expect(bench.host.openedCount == 1)
    }

    @Test("G03: a late copy of the creating Allocate makes no new allocation within 40 seconds", arguments: [0, 39])
    func lateCopy(seconds: UInt32) throws {
        let alice = bench.client()
        let id = TestClient.freshTransactionID()
        #expect(try alice.allocate(id).isSuccess)
        #expect(try alice.refresh(lifetime: 0).lifetime == 0)
        bench.advance(seconds: seconds)
        #expect(try alice.allocate(id).error == 437)
        #expect(bench.host.sockets.isEmpty)
        #expect(try alice.allocate().isSuccess)
    }

    @Test("G03: after 41 seconds the transaction id may be used anew")
    func forgottenCopy() throws {
        let alice = bench.client()
        let id = TestClient.freshTransactionID()
        #expect(try alice.allocate(id).isSuccess)
        #expect(try alice.refresh(lifetime: 0).isSuccess)
        bench.advance(seconds: 41)
        #expect(try alice.allocate(id).isSuccess)
    }

    @Test(
        "G03: whether an expired allocation was cleaned away makes no difference to a late copy",
        arguments: [true, false])
    func lateCopyAfterExpiry(cleaning: Bool) throws {
        let bench = Bench { $0.nonceLifetimeSeconds = 0 }
        let alice = bench.client()
        let id = TestClient.freshTransactionID()
        #expect(try alice.allocate(id).isSuccess)
        bench.advance(seconds: 601, cleaning: cleaning)
        #expect(try alice.allocate(id).error == 437)
        #expect(try alice.allocate().isSuccess)
    }

    @Test("G04: an Allocate that failed is processed anew when it comes again")
    func failedBefore() throws {
        bench.host.fails = { _ in true }
        let alice = bench.client()
        let id = TestClient.freshTransactionID()
        #expect(try alice.allocate(id).error == 508)
        bench.host.fails = { _ in false }
        #expect(try alice.allocate(id).isSuccess)
    }

    @Test("F15: one client address over UDP and TCP, or to two server addresses, has two allocations")
    func fiveTuple() throws {
        let udp = try bench.client().relayed()
        let tcp = try bench.client(over: .tcp).relayed()
        let other = try bench.client(to: Bench.address("84.1.1.2:3478")).relayed()
        #expect(Set([udp, tcp, other]).count == 3)
        #expect(bench.engine.allocations.count == 3)
        #expect(try bench.client(over: .tcp).refresh(lifetime: 0).isSuccess)
        #expect(bench.engine.allocations.count == 2)
    }
}
