import Addressing
import STUN
import TURN
import TestBench
import Testing

@Suite("Even ports and reservations")
struct ReservationTests {
    let bench = Bench()

    /// An Allocate with EVEN-PORT and R; its relayed address and its token.
    func reserve(_ client: TestClient) throws -> (relayed: TransportAddress, token: UInt64) {
        let reply = try client.allocate { $0.add(.evenPort, [0x80]) }
        return (try #require(reply.relayed.first), try #require(reply.token))
    }

    @Test("G15: EVEN-PORT gives an even port and does not hold the next one")
    func even() throws {
        let relayed = try bench.client().relayed { $0.add(.evenPort, [0x00]) }
        #expect(relayed.port % 2 == 0)
        #expect(bench.resources.usage.freePorts == [16383, 16384])
        #expect(bench.resources.usage.reservations == 0)
    }

    @Test("G15: a thousand allocations of an even port leave the pool whole")
    func evenLeavesThePool() throws {
        let bench = Bench(ports: 50000...50007)
        let alice = bench.client()
        for _ in 0..<1000 {
            #expect(try alice.relayed { $0.add(.evenPort, [0x00]) }.port % 2 == 0)
            #expect(try alice.refresh(lifetime: 0).isSuccess)
            #expect(bench.resources.usage.freePorts == [8, 8])
        }
    }

    @Test("G15: with R the next port is held for a token of eight bytes")
    func evenWithNext() throws {
        let (relayed, token) = try reserve(bench.client())
        #expect(relayed.port % 2 == 0)
        #expect(bench.resources.usage.freePorts == [16382, 16384])
        #expect(bench.resources.usage.reservations == 1)
        let other = try bench.client("bob", at: "90.0.0.2:1").allocate { $0.add(.reservationToken, token) }
        #expect(other.error == 508, "a reservation belongs to the user who made it")
    }

    @Test("G15: tokens do not repeat and do not count")
    func tokens() throws {
        var tokens: Set<UInt64> = []
        for port in 1...200 { tokens.insert(try reserve(bench.client(at: "90.0.0.1:\(port)")).token) }
        #expect(tokens.count == 200)
        let sorted = tokens.sorted()
        #expect(zip(sorted, sorted.dropFirst()).allSatisfy { $1 - $0 > 1 << 32 })
    }

    @Test("G16: the token gives the next port, to another 5-tuple and transport of the same user, once")
    func claim() throws {
        let (relayed, token) = try reserve(bench.client())
        let tcp = bench.client(at: "90.0.0.9:77", over: .tcp)
        let claimed = try tcp.relayed { $0.add(.reservationToken, token) }
        #expect(claimed == relayed.with(port: relayed.port + 1))
        #expect(bench.resources.usage.reservations == 0)
        #expect(try bench.client(at: "90.0.0.9:78").allocate { $0.add(.reservationToken, token) }.error == 508)
    }

    @Test("G16: the token lives on when the even port's allocation ends")
    func claimAfterEnd() throws {
        let alice = bench.client()
        let (relayed, token) = try reserve(alice)
        #expect(try alice.refresh(lifetime: 0).isSuccess)
        #expect(try alice.relayed { $0.add(.reservationToken, token) }.port == relayed.port + 1)
    }

    @Test("G16, 0d: a token works at 29 seconds", arguments: [true, false])
    func tokenAt29(cleaning: Bool) throws {
        let (relayed, token) = try reserve(bench.client())
        bench.advance(seconds: 29, cleaning: cleaning)
        let claimed = try bench.client(at: "90.0.0.2:1").relayed { $0.add(.reservationToken, token) }
        #expect(claimed.port == relayed.port + 1)
    }

    @Test("G16, 0d: a token is void at 30 and 31 seconds", arguments: [30, 31] as [UInt32], [true, false])
    func tokenAt31(seconds: UInt32, cleaning: Bool) throws {
        let (_, token) = try reserve(bench.client())
        bench.advance(seconds: seconds, cleaning: cleaning)
        #expect(try bench.client(at: "90.0.0.2:1").allocate { $0.add(.reservationToken, token) }.error == 508)
    }

    @Test("G16: an unused reservation gives its port and its place in the quota back")
    func lapse() throws {
        _ = try reserve(bench.client())
        #expect(bench.resources.usage.allocations == 2)
        bench.advance(seconds: 31)
        #expect(bench.resources.usage.freePorts == [16383, 16384])
        #expect(bench.resources.usage.reservations == 0)
        #expect(bench.resources.usage.allocations == 1)
    }

    @Test("G16: a lapsed reservation does not count against the quota, whether it was cleaned away or not")
    func lapsedQuota() throws {
        let bench = Bench(limits: RelayResources.Limits(userQuota: 2))
        let alice = bench.client()
        _ = try reserve(alice)
        #expect(try alice.refresh(lifetime: 0).isSuccess)
        _ = try bench.client(at: "90.0.0.2:1").relayed()
        #expect(try alice.allocate().error == 486)
        bench.advance(seconds: 31, cleaning: false)
        #expect(try alice.allocate().isSuccess)
    }

    @Test("G07: RESERVATION-TOKEN beside EVEN-PORT or a family gets 400")
    func tokenStandsAlone() throws {
        let (_, token) = try reserve(bench.client())
        let alice = bench.client(at: "90.0.0.2:1")
        for others: [(AttributeType, [UInt8])] in [
            [(.evenPort, [0x00])], [(.evenPort, [0x80])], [(.requestedAddressFamily, [1, 0, 0, 0])],
            [(.additionalAddressFamily, [2, 0, 0, 0])],
        ] {
            let reply = try alice.allocate { writer in
                writer.add(.reservationToken, token)
                for (type, value) in others { writer.add(type, value) }
            }
            #expect(reply.error == 400)
        }
        #expect(try alice.allocate { $0.add(.reservationToken, token) }.isSuccess)
    }

    @Test("G07: a RESERVATION-TOKEN of the wrong length gets 400, an unknown one 508")
    func badToken() throws {
        for length in [0, 1, 4, 7, 9, 16] {
            let token = [UInt8](repeating: 1, count: length)
            #expect(try bench.client().allocate { $0.add(.reservationToken, token) }.error == 400)
        }
        for token: UInt64 in [0, 1, .max] {
            #expect(try bench.client().allocate { $0.add(.reservationToken, token) }.error == 508)
        }
        #expect(bench.isEmpty)
    }

    @Test("G10: without an even port left 508 is the answer")
    func noEvenPort() throws {
        let bench = Bench(ports: 50000...50003)
        _ = try bench.client(at: "90.0.0.1:1").relayed { $0.add(.evenPort, [0x80]) }
        _ = try bench.client(at: "90.0.0.1:2").relayed { $0.add(.evenPort, [0x00]) }
        #expect(try bench.client(at: "90.0.0.1:3").allocate { $0.add(.evenPort, [0x00]) }.error == 508)
        #expect(try bench.client(at: "90.0.0.1:3").allocate { $0.add(.evenPort, [0x80]) }.error == 508)
        #expect(try bench.client(at: "90.0.0.1:3").allocate().isSuccess)
        #expect(try bench.client(at: "90.0.0.1:4").allocate().error == 508)
    }

    @Test("G21: EVEN-PORT with four bytes counts by its first; without any it gets 400")
    func evenPortLength() throws {
        let old = try bench.client().allocate { $0.add(.evenPort, UInt32(0x8000_0000)) }
        #expect(old.isSuccess && old.token != nil)
        let both = try bench.client(at: "90.0.0.1:2").allocate { $0.add(.evenPort, UInt32(0xC000_0000)) }
        #expect(both.isSuccess && both.token != nil)
        let plain = try bench.client(at: "90.0.0.1:3").allocate { $0.add(.evenPort, UInt32(0x4000_0000)) }
        #expect(plain.isSuccess && plain.token == nil)
        #expect(try bench.client(at: "90.0.0.1:4").allocate { $0.add(.evenPort, []) }.error == 400)
    }

    @Test("G16: when the claimed port cannot be bound it goes back to the pool")
    func claimFails() throws {
        for failure in ["in use", "failed"] {
            let bench = Bench(ports: 50000...50003)
            let alice = bench.client()
            let (_, token) = try reserve(alice)
            if failure == "in use" { bench.host.isInUse = { _ in true } } else { bench.host.fails = { _ in true } }
            #expect(try bench.client(at: "90.0.0.2:1").allocate { $0.add(.reservationToken, token) }.error == 508)
            #expect(try alice.refresh(lifetime: 0).isSuccess)
            bench.advance(seconds: 41)
            #expect(bench.resources.usage.freePorts == [4, 4])
            #expect(bench.isEmpty)
        }
    }

    @Test("G16: a port of the second family can be reserved and claimed")
    func ipv6() throws {
        let reply = try bench.client().allocate { writer in
            writer.add(.requestedAddressFamily, UInt32(2 << 24))
            writer.add(.evenPort, [0x80])
        }
        let token = try #require(reply.token)
        let claimed = try bench.client(at: "90.0.0.2:1").relayed { $0.add(.reservationToken, token) }
        #expect(claimed == reply.relayed.first.map { $0.with(port: $0.port + 1) })
    }
}
