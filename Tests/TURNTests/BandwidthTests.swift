import Addressing
import STUN
import SeededRandom
import TURN
import TestBench
import Testing
import Timing

@Suite("Bandwidth")
struct BandwidthTests {
    private let peer = "5.6.7.8:9000"

    private static func limits(session: Int = 0, user: Int = 0, capacity: Int = 0) -> RelayResources.Limits {
        var limits = RelayResources.Limits()
        (limits.sessionBytesPerSecond, limits.userBytesPerSecond) = (session, user)
        limits.capacityBytesPerSecond = capacity
        return limits
    }

    private func bytes(_ count: Int) -> [UInt8] { [UInt8](repeating: 7, count: count) }

    /// A client with an allocation, and a channel to the peer.
    private func client(
        _ bench: Bench, _ user: String = "alice", at address: String = "90.0.0.1:1"
    ) throws -> TestClient {
        let client = bench.client(user, at: address)
        #expect(try client.allocate().isSuccess)
        #expect(try client.bind(0x4000, to: peer).isSuccess)
        return client
    }

    private func relays(_ client: TestClient, _ count: Int) -> Bool {
        client.send(bytes(count), through: 0x4000).relayed != nil
    }

    // MARK: - Sessions

    @Test("S5: a session carries a second's worth at once, and from then on what its rate allows, to the byte")
    func rate() throws {
        let bench = Bench(limits: Self.limits(session: 1000))
        let alice = try client(bench)
        #expect((1...10).allSatisfy { _ in relays(alice, 100) })
        #expect(!relays(alice, 1))
        bench.advance(milliseconds: 99)
        #expect(!relays(alice, 100))
        bench.advance(milliseconds: 1)
        #expect(relays(alice, 100))
        #expect(!relays(alice, 1))
        bench.advance(seconds: 100)
        #expect(!relays(alice, 1001))
        #expect(relays(alice, 1000))
        #expect(!relays(alice, 1))
    }

    @Test("S5: each way counts by itself, payload alone, through channels and through indications")
    func directions() throws {
        let bench = Bench(limits: Self.limits(session: 300))
        let alice = bench.client()
        let relayed = try alice.relayed()
        #expect(try alice.permit(peer, "5.6.7.9:1").isSuccess)
        #expect(try alice.bind(0x4000, to: peer).isSuccess)
        #expect(relays(alice, 200))
        #expect(alice.send(bytes(100), to: "5.6.7.9:1").relayed != nil)
        #expect(alice.send(bytes(1), to: "5.6.7.9:1") == .silence)
        #expect(bench.datagram(bytes(200), from: peer, to: relayed)?.count == 204)
        #expect(bench.datagram(bytes(100), from: "5.6.7.9:1", to: relayed) != nil)
        #expect(bench.datagram(bytes(1), from: "5.6.7.9:1", to: relayed) == nil)
        #expect(bench.datagram(bytes(1), from: peer, to: relayed) == nil)
        #expect(bench.engine.drops[.overSessionRate] == 3)
        // Requests are not data: a session that is at its limit is still refreshed.
        #expect(try alice.refresh().isSuccess)
    }

    @Test("S5: what is dropped is counted, for the server and for the session, and not as traffic")
    func counting() throws {
        let bench = Bench(limits: Self.limits(session: 1000))
        let alice = try client(bench)
        for _ in 0..<15 { _ = relays(alice, 100) }
        let found = bench.engine.allocations.find(alice.fiveTuple)
        let id = bench.engine.allocations.id(of: try #require(found))
        let session = bench.engine.session(id, now: bench.now.instant)
        let detail = try #require(session)
        #expect(detail.drops[.overSessionRate] == 5 && detail.drops[.overUserRate] == 0)
        #expect(detail.summary.traffic.sentBytes == 1000 && detail.summary.traffic.sentPackets == 10)
        #expect(detail.bytesPerSecond == 1000)
        #expect(bench.engine.drops[.overSessionRate] == 5)
    }

    @Test("S5: a session at its limit takes nothing from others, of the same user or not")
    func apart() throws {
        let bench = Bench(limits: Self.limits(session: 1000))
        let clients = try [
            client(bench), client(bench, at: "90.0.0.1:2"), client(bench, "bob", at: "90.0.0.2:1"),
        ]
        #expect(relays(clients[0], 1000) && !relays(clients[0], 1))
        #expect(relays(clients[1], 1000) && relays(clients[2], 1000))
    }

    @Test("S5: over ten seconds of floods both ways, what passes is the rate, whatever the sizes")
    func flood() throws {
        var random = SeededRandom()
        let bench = Bench(limits: Self.limits(session: 100_000))
        let alice = bench.client()
        let relayed = try alice.relayed()
        #expect(try alice.bind(0x4000, to: peer).isSuccess)
        let begin = bench.now.instant
        var (sent, received) = (0, 0)
        while bench.now.instant.nanoseconds(since: begin) < 10_000_000_000 {
            let size = Int.random(in: 1...1400, using: &random)
            if relays(alice, size) { sent += size }
            if bench.datagram(bytes(size), from: peer, to: relayed) != nil { received += size }
            bench.advance(milliseconds: UInt32.random(in: 0...6, using: &random))
        }
        for passed in [sent, received] { #expect((1_090_000...1_101_000).contains(passed), "\(passed) \(random)") }
    }

    // MARK: - Reload

    @Test("S5: running sessions obey another limit at once, a first one, and none")
    func reload() throws {
        let bench = Bench()
        let alice = try client(bench)
        #expect(relays(alice, 60_000) && relays(alice, 60_000))
        bench.resources.limit(to: Self.limits(session: 1000))
        bench.reload { _ in }
        #expect(relays(alice, 1000) && !relays(alice, 1))
        bench.resources.limit(to: Self.limits(session: 2000))
        bench.reload { _ in }
        bench.advance(milliseconds: 500)
        // Half a second is free, whatever filled the bucket before.
        #expect(!relays(alice, 1001) && relays(alice, 1000))
        bench.resources.limit(to: Self.limits())
        bench.reload { _ in }
        #expect(relays(alice, 60_000) && relays(alice, 60_000))
        #expect(try alice.refresh(lifetime: 0).isSuccess)
        #expect(bench.isEmpty)
    }

    @Test("S5: a realm has a rate of its own, more or less than the others, or none")
    func realms() throws {
        for (own, passes) in [(500, 500), (5000, 5000), (0, 60_000)] {
            var limits = Self.limits(session: 1000)
            limits.realms[Bench.realm] = RelayResources.Limits.OfRealm(sessionBytesPerSecond: own)
            limits.realms[Array("other".utf8)] = RelayResources.Limits.OfRealm(sessionBytesPerSecond: 1)
            let bench = Bench(limits: limits)
            let alice = try client(bench)
            #expect(relays(alice, passes))
            #expect(relays(alice, 1) == (own == 0))
        }
    }

    // MARK: - Users

    @Test("S5: all sessions of a user share a rate, those of other workers too, and other users have theirs")
    func users() throws {
        let first = Bench(limits: Self.limits(user: 1000))
        let second = Bench(besides: first)
        let clients = try [
            client(first), client(first, at: "90.0.0.1:2"), client(second, at: "90.0.0.1:3"),
        ]
        let bob = try client(second, "bob", at: "90.0.0.2:1")
        #expect(relays(clients[0], 400) && relays(clients[1], 300) && relays(clients[2], 300))
        for client in clients { #expect(!relays(client, 1)) }
        #expect(first.engine.drops[.overUserRate] == 2 && second.engine.drops[.overUserRate] == 1)
        #expect(relays(bob, 1000) && !relays(bob, 1))
        first.advance(milliseconds: 100)
        second.advance(milliseconds: 100)
        #expect(relays(clients[2], 100) && !relays(clients[0], 1))
    }

    @Test("S5: what the user's rate refuses is not held against the session, nor the other way round")
    func userAndSession() throws {
        let bench = Bench(limits: Self.limits(session: 1000, user: 1500))
        let (one, two) = try (client(bench), client(bench, at: "90.0.0.1:2"))
        #expect(relays(one, 1000) && !relays(one, 1))
        #expect(!relays(two, 501) && relays(two, 500) && !relays(two, 1))
        #expect(bench.engine.drops[.overSessionRate] == 1 && bench.engine.drops[.overUserRate] == 2)
        bench.advance(milliseconds: 500)
        #expect(!relays(one, 501) && relays(one, 500))
        #expect(relays(two, 250) && !relays(two, 1))
    }

    @Test("S5: a user's limit that comes with a reload holds for all running sessions together, and goes with one")
    func userReload() throws {
        let bench = Bench()
        let (one, two) = try (client(bench), client(bench, at: "90.0.0.1:2"))
        bench.resources.limit(to: Self.limits(user: 1000))
        bench.reload { _ in }
        #expect(relays(one, 600) && !relays(two, 401) && relays(two, 400))
        bench.resources.limit(to: Self.limits())
        bench.reload { _ in }
        #expect(relays(one, 60_000) && relays(two, 60_000))
        for client in [one, two] { #expect(try client.refresh(lifetime: 0).isSuccess) }
        #expect(bench.isEmpty)
        #expect(relays(try client(bench), 60_000))
    }

    // MARK: - The server

    @Test("G12: bandwidth is promised to sessions until it is spent, to the byte; then 508, until one ends")
    func capacity() throws {
        let first = Bench(limits: Self.limits(session: 1000, capacity: 3999))
        let second = Bench(besides: first)
        let clients = try [client(first), client(first, "bob", at: "90.0.0.2:1"), client(second, at: "90.0.0.3:1")]
        for bench in [first, second] { #expect(try bench.client(at: "90.0.0.9:1").allocate().error == 508) }
        #expect(first.resources.usage.allocations == 3)
        #expect(try clients[2].refresh(lifetime: 0).isSuccess)
        #expect(try first.client(at: "90.0.0.9:1").allocate().isSuccess)
        #expect(try second.client(at: "90.0.0.9:2").allocate().error == 508)
    }

    @Test("G12: the capacity follows reloads, and one that fails gives back what it took")
    func capacityReload() throws {
        let bench = Bench(limits: Self.limits(session: 1000, capacity: 2000))
        bench.host.fails = { _ in true }
        for _ in 0..<5 { #expect(try bench.client().allocate().error == 508) }
        #expect(bench.isEmpty)
        bench.host.fails = { _ in false }
        for port in 1...2 { #expect(try bench.client(at: "90.0.0.1:\(port)").allocate().isSuccess) }
        #expect(try bench.client(at: "90.0.0.1:3").allocate().error == 508)
        // Half the rate is twice the room, for those that run too.
        bench.resources.limit(to: Self.limits(session: 500, capacity: 2000))
        bench.reload { _ in }
        for port in 3...4 { #expect(try bench.client(at: "90.0.0.1:\(port)").allocate().isSuccess) }
        #expect(try bench.client(at: "90.0.0.1:5").allocate().error == 508)
        bench.resources.limit(to: Self.limits(session: 500))
        #expect(try bench.client(at: "90.0.0.1:5").allocate().isSuccess)
    }

    @Test("G12: each realm takes of the capacity by its own rate, one without a rate nothing; and sums do not overflow")
    func capacityOfRealms() throws {
        var limits = Self.limits(session: 1000, capacity: 2500)
        limits.realms = [[1]: .init(sessionBytesPerSecond: 2000), [2]: .init(sessionBytesPerSecond: 0)]
        let resources = Bench(limits: limits).resources
        func admits(_ realm: [UInt8]) -> Bool { resources.admit(QuotaHolder([1], realm: realm)) == .admitted }
        #expect((1...9).allSatisfy { _ in admits([2]) })
        #expect(admits([1]) && !admits([1]) && !admits([3]) && admits([2]))
        resources.release(QuotaHolder([1], realm: [1]))
        #expect(admits([3]) && !admits([1]) && admits([3]) && !admits([3]))
        limits.realms[[2]] = .init(sessionBytesPerSecond: .max)
        resources.limit(to: limits)
        #expect(!admits([2]) && !admits([3]))
    }

    @Test("P5: a hundred threads at once are promised exactly the capacity")
    func race() async {
        let resources = Bench(limits: Self.limits(session: 10, capacity: 105)).resources
        let admitted = await withTaskGroup(of: Bool.self) { group in
            for user in 0..<100 { group.addTask { resources.admit(QuotaHolder([UInt8(user)])) == .admitted } }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(admitted == 10)
    }
}
