import Addressing
import STUN
import TURN
import TestBench
import Testing

@Suite("Quotas")
struct QuotaTests {
    @Test("G12: the quota of a user is exact, 486 beyond it, and other users are not touched")
    func user() throws {
        let bench = Bench(limits: RelayResources.Limits(userQuota: 10))
        let replies = try (1...100).map { try bench.client(at: "90.0.0.1:\($0)").allocate() }
        #expect(replies.count { $0.isSuccess } == 10)
        #expect(replies.dropFirst(10).allSatisfy { $0.error == 486 && $0.types == [.errorCode, .messageIntegrity] })
        #expect(bench.resources.usage.allocations == 10)
        #expect(bench.host.sockets.count == 10)
        #expect(try bench.client("bob", at: "90.0.0.2:1").allocate().isSuccess)
        #expect(try bench.client(at: "90.0.0.1:1").refresh(lifetime: 0).isSuccess)
        #expect(try bench.client(at: "90.0.0.1:99").allocate().isSuccess)
        #expect(try bench.client(at: "90.0.0.1:98").allocate().error == 486)
    }

    @Test("G12: the total capacity is exact, 508 beyond it")
    func total() throws {
        let bench = Bench(limits: RelayResources.Limits(totalQuota: 3))
        for (index, user) in ["alice", "bob", "carol"].enumerated() {
            #expect(try bench.client(user, at: "90.0.0.\(index + 1):1").allocate().isSuccess)
        }
        #expect(try bench.client("bob", at: "90.0.0.9:1").allocate().error == 508)
        bench.advance(seconds: 601)
        #expect(bench.isEmpty)
        #expect(try bench.client("bob", at: "90.0.0.9:1").allocate().isSuccess)
    }

    @Test("G12: a quota holds across workers")
    func workers() throws {
        let first = Bench(limits: RelayResources.Limits(userQuota: 2))
        let second = Bench(besides: first)
        #expect(try first.client(at: "90.0.0.1:1").allocate().isSuccess)
        #expect(try second.client(at: "90.0.0.1:2").allocate().isSuccess)
        #expect(try first.client(at: "90.0.0.1:3").allocate().error == 486)
        #expect(try second.client(at: "90.0.0.1:3").allocate().error == 486)
        #expect(try second.client(at: "90.0.0.1:2").refresh(lifetime: 0).isSuccess)
        #expect(try first.client(at: "90.0.0.1:3").allocate().isSuccess)
    }

    @Test("P5: a hundred threads at once get exactly the quota")
    func race() async {
        let resources = Bench(limits: RelayResources.Limits(userQuota: 10)).resources
        let admitted = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<100 { group.addTask { resources.admit(QuotaHolder([1])) == .admitted } }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(admitted == 10)
        #expect(resources.usage.allocations == 10)
    }

    @Test("G12: a dual allocation counts once, and its end frees one place")
    func dual() throws {
        let bench = Bench(limits: RelayResources.Limits(userQuota: 1))
        let alice = bench.client()
        #expect(try alice.allocate { $0.add(.additionalAddressFamily, UInt32(2 << 24)) }.relayed.count == 2)
        #expect(bench.resources.usage.allocations == 1)
        #expect(try alice.refresh(lifetime: 0).isSuccess)
        #expect(bench.isEmpty)
    }

    @Test("G12, G15: a reservation has a place in the quota, and gives it on to the allocation that claims it")
    func reservation() throws {
        let bench = Bench(limits: RelayResources.Limits(userQuota: 2))
        let alice = bench.client(at: "90.0.0.1:1")
        let token = try #require(try alice.allocate { $0.add(.evenPort, [0x80]) }.token)
        #expect(bench.resources.usage.allocations == 2)
        #expect(try bench.client(at: "90.0.0.1:2").allocate().error == 486)
        #expect(try bench.client(at: "90.0.0.1:2").allocate { $0.add(.reservationToken, token) }.isSuccess)
        #expect(bench.resources.usage.allocations == 2)
        bench.advance(seconds: 601)
        #expect(bench.isEmpty)
    }

    @Test("G12: a reservation beyond the quota refuses the whole Allocate and holds nothing")
    func reservationBeyondQuota() throws {
        let bench = Bench(limits: RelayResources.Limits(userQuota: 1))
        #expect(try bench.client().allocate { $0.add(.evenPort, [0x80]) }.error == 486)
        #expect(bench.isEmpty)
        #expect(bench.resources.usage.freePorts == [16384, 16384])
        #expect(bench.host.openedCount == 0)
        #expect(try bench.client().allocate().isSuccess)
    }

    @Test(
        "G12: an Allocate that fails gives back its place and its ports", arguments: [[], [0x00], [0x80]] as [[UInt8]],
        ["failed", "in use"])
    func refund(evenPort: [UInt8], failure: String) throws {
        let bench = Bench(ports: 50000...50009, limits: RelayResources.Limits(userQuota: 2))
        if failure == "failed" { bench.host.fails = { _ in true } } else { bench.host.isInUse = { _ in true } }
        let alice = bench.client()
        for _ in 0..<20 {
            let reply = try alice.allocate { if !evenPort.isEmpty { $0.add(.evenPort, evenPort) } }
            #expect(reply.error == 508)
            #expect(bench.isEmpty)
            #expect(bench.resources.usage.freePorts == [10, 10])
        }
        #expect(bench.engine.allocations.count == 0)
        #expect(!bench.hasAllocation(alice))
    }

    @Test("G12: ports that another program holds are passed over and stay in the pool")
    func conflicts() throws {
        let bench = Bench(ports: 50000...50009)
        bench.host.isInUse = { $0.port != 50006 }
        #expect(try bench.client().relayed { $0.add(.evenPort, [0x80]) }.port == 50006)
        #expect(bench.resources.usage.freePorts == [8, 10])
        #expect(try bench.client(at: "90.0.0.1:2").allocate().error == 508)
        #expect(bench.resources.usage.freePorts == [8, 10])
        bench.host.isInUse = { _ in false }
        #expect(try bench.client(at: "90.0.0.1:2").allocate().isSuccess)
    }

    @Test("G12: a refused Allocate of any kind holds nothing")
    func refusals() throws {
        let bench = Bench()
        let alice = bench.client()
        let bad: [(inout MessageWriter) -> Void] = [
            { $0.add(.requestedAddressFamily, UInt32(3 << 24)) }, { $0.add(.reservationToken, UInt64(1)) },
            { $0.add(.lifetime, [1]) }, { $0.add(.evenPort, []) },
            { $0.add(.additionalAddressFamily, UInt32(1 << 24)) },
            { $0.add(AttributeType(rawValue: 0x7777), []) },
        ]
        for body in bad {
            #expect(try alice.allocate(TestClient.freshTransactionID(), body).type.class == .error)
            #expect(bench.isEmpty)
        }
    }

    @Test("G12: several relay addresses of a family serve until all are exhausted")
    func severalAddresses() throws {
        let addresses = ["84.1.1.1", "84.1.1.2", "84.1.1.3"].map { RelayAddress(bound: Bench.ip($0)) }
        let bench = Bench(addresses: addresses, ports: 50000...50003)
        let relayed = try (1...12).map { try bench.client(at: "90.0.0.1:\($0)").relayed() }
        #expect(Set(relayed).count == 12)
        #expect(Set(relayed.map(\.ip)).count == 3)
        #expect(try bench.client(at: "90.0.0.1:13").allocate().error == 508)
    }
}
