import Addressing
import STUN
import TURN
import TestBench
import Testing
import Timing

@Suite("ICMP errors")
struct ICMPTests {
    let bench = Bench()

    /// What the client is told of an error for a datagram from its relayed address to `destination`.
    private func told(
        _ type: UInt8, _ code: UInt8, info: UInt32 = 0, about destination: String, at relayed: TransportAddress,
        of expected: TestClient? = nil
    ) throws -> Reply? {
        let socket = try #require(bench.host.handle(at: relayed).flatMap { bench.host.sockets[$0] })
        let peer = Bench.address(destination)
        let error = ICMPError(type: type, code: code, info: info, isIPv4: peer.family == .ipv4)
        let client = bench.engine.receiveError(error, from: peer, on: socket.allocation, now: bench.now.instant)
        guard let client else { return nil }
        #expect(client.fiveTuple == (expected ?? bench.client()).fiveTuple)
        let bytes = bench.engine.reply
        let reply: Reply = try #require(Reply(bytes))
        return reply
    }

    @Test(
        "L01: what RFC 8656 names is told with type, code and peer, and without DATA",
        arguments: [(3, 0), (3, 1), (3, 3), (3, 13), (11, 0), (11, 1)] as [(UInt8, UInt8)])
    func tells(type: UInt8, code: UInt8) throws {
        let alice = bench.client()
        let relayed = try alice.relayed()
        #expect(try alice.permit("5.6.7.8:9000").isSuccess)
        let indication = try #require(try told(type, code, info: 77, about: "5.6.7.8:9000", at: relayed))
        #expect(indication.types == [.xorPeerAddress, .icmp])
        #expect(indication.value(.icmp) == [0, 0, type << 1, code, 0, 0, 0, 0])
    }

    @Test("L01: the MTU is told where a datagram was too long for the way, and only there")
    func mtu() throws {
        let alice = bench.client()
        let relayed = try alice.relayed()
        #expect(try alice.permit("5.6.7.8:9000").isSuccess)
        let tooLong = try told(3, 4, info: 1400, about: "5.6.7.8:9000", at: relayed)
        #expect(tooLong?.value(.icmp) == [0, 0, 6, 4, 0, 0, 5, 0x78])
        let closed = try told(3, 3, info: 1400, about: "5.6.7.8:9000", at: relayed)
        #expect(closed?.value(.icmp) == [0, 0, 6, 3, 0, 0, 0, 0])
    }

    @Test("L01: of ICMPv6 the types 1, 2 and 3 are told", arguments: UInt8.min...5)
    func version6(type: UInt8) throws {
        let alice = bench.client()
        let relayed = try alice.relayed { $0.add(.requestedAddressFamily, UInt32(2 << 24)) }
        #expect(try alice.permit("[2001:4860::1]:9000").isSuccess)
        let indication = try told(type, 4, info: 1280, about: "[2001:4860::1]:9000", at: relayed)
        #expect((indication != nil) == (1...3).contains(type))
        if type == 2 { #expect(indication?.value(.icmp) == [0, 0, 4, 4, 0, 0, 5, 0]) }
    }

    @Test("L01: other types of ICMP are not told", arguments: [0, 4, 5, 8, 12] as [UInt8])
    func otherTypes(type: UInt8) throws {
        let alice = bench.client()
        let relayed = try alice.relayed()
        #expect(try alice.permit("5.6.7.8:9000").isSuccess)
        #expect(try told(type, 0, about: "5.6.7.8:9000", at: relayed) == nil)
    }

    @Test("L02: the destination of the datagram must be permitted, until the permission's last second")
    func permission() throws {
        let alice = bench.client()
        let relayed = try alice.relayed()
        #expect(try told(3, 3, about: "5.6.7.8:9000", at: relayed) == nil)
        #expect(try alice.permit("5.6.7.8:9000").isSuccess)
        #expect(try told(3, 3, about: "5.6.7.9:9000", at: relayed) == nil)
        bench.advance(seconds: 299)
        #expect(try told(3, 3, about: "5.6.7.8:1", at: relayed) != nil)
        bench.advance(seconds: 1, cleaning: false)
        #expect(try told(3, 3, about: "5.6.7.8:1", at: relayed) == nil)
    }

    @Test("P10: a client is told of twenty errors at once and ten in a second, however many come; others are told too")
    func bounded() throws {
        func toldOfThousand(_ client: TestClient, at relayed: TransportAddress) throws -> Int {
            try (0..<1000).count(where: { _ in
                try told(3, 3, about: "5.6.7.8:9000", at: relayed, of: client) != nil
            })
        }
        let (alice, bob) = (bench.client(), bench.client("bob", at: "90.0.0.2:1"))
        let (first, second) = (try alice.relayed(), try bob.relayed())
        for client in [alice, bob] { #expect(try client.permit("5.6.7.8:9000").isSuccess) }
        #expect(try toldOfThousand(alice, at: first) == 20)
        #expect(bench.engine.drops[.tooManyErrors] == 980)
        bench.advance(seconds: 1)
        #expect(try toldOfThousand(alice, at: first) == 10)
        #expect(try toldOfThousand(bob, at: second) == 20)
    }

    @Test("L03: an error ends nothing")
    func endsNothing() throws {
        let alice = bench.client()
        let relayed = try alice.relayed()
        #expect(try alice.permit("5.6.7.8:9000").isSuccess)
        for _ in 0..<100 { _ = try told(3, 3, about: "5.6.7.8:9000", at: relayed) }
        #expect(bench.hasAllocation(alice))
        #expect(alice.send([1], to: "5.6.7.8:9000").relayed != nil)
    }
}
