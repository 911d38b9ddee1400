import Addressing
import TURN
import TestBench
import Testing
import Timing

@Suite("Bandwidth of connections")
struct ConnectionBandwidthTests {
    private let bench: Bench
    private let id: ConnectionID

    init() throws {
        var limits = RelayResources.Limits()
        (limits.sessionBytesPerSecond, limits.userBytesPerSecond) = (1000, 1500)
        bench = Bench(limits: limits) { $0.relaysTCP = true }
        let alice = bench.client(over: .tcp)
        _ = try alice.relayedTCP()
        _ = alice.connect(to: "5.6.7.8:9000")
        id = try #require(bench.endConnect(to: "5.6.7.8:9000")?.connectionID)
        _ = try bench.client(at: "90.0.0.1:5001", over: .tcp).bind(id)
    }

    private func carry(_ sent: Int, _ received: Int) {
        bench.engine.countRelayed(sent: sent, received: received, over: id, now: bench.now.instant)
    }

    private func room() -> [Int] {
        let room = bench.engine.room(over: id, now: bench.now.instant)
        return [room.toPeer, room.toClient]
    }

    @Test("S5: a connection has room for a second's worth each way, which comes back with time")
    func refilling() throws {
        #expect(room() == [1000, 1000])
        carry(400, 1000)
        #expect(room() == [600, 0])
        bench.advance(milliseconds: 250)
        #expect(room() == [850, 250])
    }

    @Test("S5: what was carried beyond the room is made up for")
    func excess() throws {
        carry(3000, 0)
        #expect(room() == [0, 1000])
        bench.advance(milliseconds: 2000)
        #expect(room() == [0, 1000])
        bench.advance(milliseconds: 500)
        #expect(room() == [500, 1000])
    }

    @Test("S5: a connection counts among the other sessions of its user")
    func sharesWithUser() throws {
        let other = bench.client(at: "90.0.0.7:1")
        #expect(try other.allocate().isSuccess)
        #expect(try other.bind(0x4000, to: "5.6.7.8:1").isSuccess)
        #expect(other.send([UInt8](repeating: 1, count: 900), through: 0x4000).relayed != nil)
        #expect(room() == [600, 1000])
        carry(600, 0)
        #expect(other.send([1], through: 0x4000) == .silence)
        #expect(bench.engine.drops[.overUserRate] == 1)
    }

    @Test("S5: without limits there is always room, and a connection that is over has none")
    func unlimited() throws {
        bench.resources.limit(to: RelayResources.Limits())
        bench.reload { _ in }
        carry(1_000_000, 1_000_000)
        #expect(room() == [.max, .max])
        bench.engine.endConnection(id, now: bench.now.instant, host: &bench.host)
        #expect(room() == [0, 0])
    }
}
