import Accounts
import Addressing
import TURN
import TestBench
import Testing
import Timing

@Suite("What an operator sees of the sessions, and does to them")
struct InspectionTests {
    private static let peer = "8.8.8.8:4000"

    private func found(_ bench: Bench, _ filter: SessionFilter = SessionFilter()) -> [SessionSummary] {
        (0..<bench.engine.sessionSlotCount).compactMap {
            bench.engine.session(at: $0, matching: filter, now: bench.now.instant)
        }
    }

    @Test("A filter leaves out what does not fit, and an expired session is not shown before it is swept")
    func filters() throws {
        let bench = Bench()
        let alice = bench.client(at: "90.0.0.1:1")
        #expect(try alice.allocate().isSuccess && alice.permit(Self.peer).isSuccess)
        #expect(try bench.client("bob", at: "90.0.0.2:1").allocate().isSuccess)
        #expect(found(bench).count == 2)
        var filter = SessionFilter()
        filter.username = Array("bob".utf8)
        #expect(found(bench, filter).map(\.fiveTuple.client.description) == ["90.0.0.2:1"])
        filter = SessionFilter()
        filter.peer = IPAddress("8.8.8.8")
        #expect(found(bench, filter).map(\.username) == [Array("alice".utf8)])
        filter.realm = Array("another".utf8)
        #expect(found(bench, filter).isEmpty)
        bench.advance(seconds: 600, cleaning: false)
        #expect(found(bench).isEmpty)
    }

    @Test("The detail tells permissions, channels, and what was thrown away")
    func detail() throws {
        let bench = Bench()
        let client = bench.client()
        #expect(try client.allocate().isSuccess && client.bind(0x4001, to: Self.peer).isSuccess)
        _ = client.send([1], through: 0x4002)
        _ = client.send([1], to: "8.8.4.4:1")
        let id = try #require(found(bench).first?.id)
        let told = bench.engine.session(id, now: bench.now.instant)
        let detail = try #require(told)
        #expect(detail.permissions.map(\.peer.description) == ["8.8.8.8"])
        #expect(detail.channels.map(\.peer.description) == [Self.peer])
        #expect(detail.drops[.noChannel] == 1 && detail.drops[.noPermission] == 1)
    }

    @Test("A session is ended once; its id never means a later one in the same place")
    func ending() throws {
        let bench = Bench()
        #expect(try bench.client().allocate().isSuccess)
        let id = try #require(found(bench).first?.id)
        let isEnded = bench.engine.endSession(id, now: bench.now.instant, host: &bench.host)
        #expect(isEnded && bench.isEmpty)
        #expect(try bench.client(at: "90.0.0.9:1").allocate().isSuccess)
        let isEndedAgain = bench.engine.endSession(id, now: bench.now.instant, host: &bench.host)
        let told = bench.engine.session(id, now: bench.now.instant)
        #expect(!isEndedAgain && told == nil)
        #expect(found(bench).count == 1)
    }

    @Test("A tally made in slices counts what ends meanwhile exactly once")
    func tally() throws {
        let bench = Bench()
        for port in 1...4 {
            let client = bench.client(at: "90.0.0.1:\(port)")
            #expect(try client.allocate().isSuccess && client.bind(0x4001, to: Self.peer).isSuccess)
            _ = client.send([1, 2, 3], through: 0x4001)
        }
        bench.engine.beginTally()
        let isWhole = bench.engine.continueTally(limit: 2)
        #expect(!isWhole)
        // One that was counted ends, and one that was not.
        for port in [1, 4] { #expect(try bench.client(at: "90.0.0.1:\(port)").refresh(lifetime: 0).isSuccess) }
        while !bench.engine.continueTally(limit: 2) {}
        let tally = bench.engine.tally
        #expect(tally.traffic[Int(ClientTransport.udp.rawValue)].sentPackets == 4)
        #expect(tally.traffic[Int(ClientTransport.udp.rawValue)].sentBytes == 12)
    }

    @Test("While it drains a server refuses new allocations with 403, and prolongs those it has")
    func drain() throws {
        let bench = Bench()
        let client = bench.client()
        #expect(try client.allocate().isSuccess)
        bench.engine.isDraining = true
        #expect(try bench.client(at: "90.0.0.2:1").allocate().error == 403)
        #expect(try client.refresh().isSuccess && client.permit(Self.peer).isSuccess)
        bench.engine.isDraining = false
        #expect(try bench.client(at: "90.0.0.2:1").allocate().isSuccess)
    }

    @Test("A revoked user name is refused until its time, though its password fits; others are not")
    func revocation() throws {
        let revocations = Revocations()
        let bench = Bench { $0.revocations = revocations }
        let until = bench.now.unixSeconds + 10
        let entry = Revocations.Entry(username: Array("alice".utf8), until: until)
        #expect(revocations.insert(entry, unixSeconds: bench.now.unixSeconds))
        #expect(try bench.client().allocate().error == 401)
        guard case .authenticationFailed(_, _, _, .revoked) = bench.host.events.last else {
            return #expect(Bool(false), "the operator is not told")
        }
        #expect(try bench.client("bob").allocate().isSuccess)
        bench.advance(seconds: 10)
        #expect(try bench.client(at: "90.0.0.1:2").allocate().error == 401)
        bench.advance(seconds: 1)
        #expect(try bench.client(at: "90.0.0.1:3").allocate().isSuccess)
    }

    @Test("Revocations are bounded; those whose time is over make room")
    func bounded() {
        let revocations = Revocations()
        for number in 0..<Revocations.capacity {
            let entry = Revocations.Entry(username: Array("\(number)".utf8), until: 100)
            guard revocations.insert(entry, unixSeconds: 50) else {
                return #expect(Bool(false), "no room for \(number)")
            }
        }
        let another = Revocations.Entry(username: Array("another".utf8), until: nil)
        #expect(!revocations.insert(another, unixSeconds: 100))
        #expect(revocations.insert(another, unixSeconds: 101))
        #expect(revocations.list(unixSeconds: 101) == [another])
    }

    @Test("The policy tells which rule decides, also where it allows")
    func decidingRule() throws {
        let range = try AddressRange(parsing: "10.1.0.0/16")
        let policy = PeerPolicy(rules: [PeerRule(.allow, range, origin: "a line")])
        let inside = try #require(IPAddress("10.1.2.3"))
        #expect(policy.decidingRule(on: inside, port: 9)?.origin == "a line")
        let beside = try #require(IPAddress("10.2.0.1"))
        #expect(policy.decidingRule(on: beside, port: nil)?.range.description == "10.0.0.0/8")
        let mapped = try #require(IPAddress("64:ff9b::a02:1"))
        #expect(policy.decidingRule(on: mapped, port: nil)?.action == .deny)
        #expect(policy.decidingRule(on: try #require(IPAddress("8.8.8.8")), port: nil) == nil)
        let extents = policy.rules.prefix { $0.range.first.family == .ipv4 }.map(\.range.extent)
        #expect(extents == extents.sorted() && policy.rules.contains { $0.origin == "a line" })
    }
}
