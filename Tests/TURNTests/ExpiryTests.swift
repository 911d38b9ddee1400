import Addressing
import STUN
import TestBench
import Testing
import Timing

@testable import TURN

@Suite("Expiry and endings")
struct ExpiryTests {
    let peer = "5.6.7.8:9000"

    @Test(
        "H08, 0d: an allocation lives at 599 seconds and is gone at 600 and 601, cleaned away or not",
        arguments: [true, false])
    func lifetime(cleaning: Bool) throws {
        let bench = Bench { $0.nonceLifetimeSeconds = 0 }
        let alice = bench.client()
        let relayed = try alice.relayed()
        bench.advance(seconds: 400, cleaning: cleaning)
        _ = try alice.permit(peer)
        _ = try alice.bind(0x4000, to: "5.6.7.8:1")
        bench.advance(seconds: 199, cleaning: cleaning)
        #expect(alice.send([1], to: peer).relayed != nil)
        #expect(alice.send([1], through: 0x4000).relayed != nil)
        #expect(bench.datagram([1], from: peer, to: relayed) != nil)
        #expect(try alice.permit(peer).isSuccess)
        for _ in 0..<2 {
            bench.advance(seconds: 1, cleaning: cleaning)
            #expect(alice.send([1], to: peer) == .silence)
            #expect(alice.send([1], through: 0x4000) == .silence)
            #expect(bench.datagram([1], from: peer, to: relayed) == nil)
            #expect(try alice.refresh().error == 437)
            #expect(try alice.permit(peer).error == 437)
            #expect(try alice.bind(0x4000, to: "5.6.7.8:1").error == 437)
        }
        #expect(try alice.allocate().isSuccess)
        #expect(bench.host.sockets.count == 1)
    }

    @Test("H08: the end of an allocation is told with its traffic and its age")
    func ending() throws {
        let bench = Bench()
        let alice = bench.client()
        let relayed = try alice.relayed()
        _ = try alice.permit(peer)
        for _ in 0..<3 { _ = alice.send([1, 2], to: peer) }
        for _ in 0..<5 { _ = bench.datagram([1, 2, 3], from: peer, to: relayed) }
        _ = bench.datagram([1, 2, 3], from: "5.6.7.9:1", to: relayed)
        bench.advance(seconds: 601)
        guard
            case .allocationEnded(_, let fiveTuple, let username, let traffic, let age, let ending) = bench.host.events
                .last
        else {
            Issue.record("no event")
            return
        }
        #expect(fiveTuple == alice.fiveTuple)
        #expect(username == alice.username)
        #expect(traffic.sentPackets == 3 && traffic.sentBytes == 6)
        #expect(traffic.receivedPackets == 5 && traffic.receivedBytes == 15)
        #expect((600...601).contains(age))
        #expect(ending == .expired)
    }

    @Test("I4: ten thousand allocations made and released leave nothing behind")
    func cycles() throws {
        let bench = Bench(ports: 50000...50063)
        bench.host.keepsEvents = false
        let alice = bench.client()
        for round in 0..<10_000 {
            let reply = try alice.allocate { if round % 3 == 0 { $0.add(.evenPort, [round % 2 == 0 ? 0x80 : 0x00]) } }
            guard reply.isSuccess else { continue }  // reservations may hold what is left of the pool
            if round % 5 == 0 { _ = try alice.permit(peer, "5.6.7.9:1") }
            if round % 7 == 0 { _ = try alice.bind(0x4000, to: peer) }
            #expect(try alice.refresh(lifetime: 0).isSuccess)
            #expect(bench.engine.timerCount == 0)
            if round % 50 == 0 { bench.advance(seconds: 31) }
        }
        #expect(bench.host.openedCount > 5_000)
        bench.advance(seconds: 41)
        #expect(bench.isEmpty)
        #expect(bench.resources.usage.freePorts == [64, 64])
        #expect(bench.engine.departed.count == 0)
        #expect(bench.nextExpiry == nil)
    }

    @Test("I4: ten thousand allocations that expire leave nothing behind, however the clock jumps")
    func expiries() throws {
        let bench = Bench()
        bench.host.keepsEvents = false
        for round in 0..<10 {
            for index in 1...1000 {
                let alice = bench.client(at: "90.0.\(round).1:\(index)")
                _ = try alice.relayed()
                if index % 10 == 0 { _ = try alice.permit(peer, "5.6.7.9:1") }
            }
            #expect(bench.engine.timerCount == 1000)
            bench.advance(seconds: 3600)
            #expect(bench.isEmpty)
        }
        bench.advance(seconds: 41)
        #expect(bench.engine.departed.count == 0)
    }

    @Test("I4: one call ends no more than it is told to, and what is over already is over")
    func boundedWork() throws {
        let bench = Bench { $0.nonceLifetimeSeconds = 0 }
        let clients = try (1...100).map { index in
            let client = bench.client(at: "90.0.0.1:\(index)")
            _ = try client.relayed()
            return client
        }
        bench.advance(seconds: 3600, cleaning: false)
        for left in stride(from: 90, through: 0, by: -10) {
            bench.engine.expire(now: bench.now.instant, limit: 10, host: &bench.host)
            #expect(bench.engine.allocations.count == left)
            for client in clients { #expect(try client.refresh().error == 437) }
        }
        #expect(bench.isEmpty)
    }

    @Test("I4: each allocation has one timer, whatever it holds")
    func oneTimer() throws {
        let bench = Bench()
        let alice = bench.client()
        _ = try alice.allocate { $0.add(.additionalAddressFamily, UInt32(2 << 24)) }
        for index in 1...40 {
            _ = try alice.permit("5.0.0.\(index):1")
            _ = try alice.bind(0x4000 + UInt16(index), to: "5.0.1.\(index):1")
            _ = try alice.refresh(lifetime: UInt32(600 + index))
            bench.advance(seconds: 5)
            #expect(bench.engine.timerCount == 1)
        }
    }

    @Test("I4: permissions and channels are cleaned away as they end, under a living allocation")
    func entries() throws {
        let bench = Bench()
        let alice = bench.client()
        _ = try alice.allocate { $0.add(.lifetime, UInt32(3600)) }
        for index in 1...20 {
            _ = try alice.permit("5.0.0.\(index):1")
            bench.advance(seconds: 10)
        }
        _ = try alice.bind(0x4000, to: "5.0.0.20:1")
        #expect(bench.engine.permissionCount == 20)
        bench.advance(seconds: 200)
        #expect(bench.engine.permissionCount == 9)
        bench.advance(seconds: 201)
        #expect(bench.engine.permissionCount == 1)
        #expect(bench.engine.channelCount == 1)
        bench.advance(seconds: 201)
        #expect(bench.engine.permissionCount == 0)
        #expect(bench.engine.channelCount == 0)
        #expect(bench.engine.allocations.count == 1)
    }

    @Test("H08: a step of the wall clock ends nothing and prolongs nothing")
    func wallClock() throws {
        let bench = Bench()
        let alice = bench.client()
        _ = try alice.relayed()
        _ = try alice.permit(peer)
        bench.stepWallClock(seconds: 86_400)
        bench.clean()
        #expect(alice.send([1], to: peer).relayed != nil)
        bench.stepWallClock(seconds: -2 * 86_400)
        bench.clean()
        #expect(try alice.refresh().isSuccess)
        bench.advance(seconds: 601)
        #expect(bench.isEmpty)
    }

    @Test("F07: when a client's connection is gone its allocation goes at once")
    func disconnect() throws {
        let bench = Bench()
        let alice = bench.client(over: .tcp)
        _ = try alice.relayed()
        _ = try alice.bind(0x4000, to: peer)
        bench.engine.disconnect(bench.client().asSource, now: bench.now.instant, host: &bench.host)
        #expect(bench.engine.allocations.count == 1)
        bench.engine.disconnect(alice.asSource, now: bench.now.instant, host: &bench.host)
        #expect(bench.isEmpty)
        bench.engine.disconnect(alice.asSource, now: bench.now.instant, host: &bench.host)
    }

    @Test("F07: the end of an old connection leaves the allocation of a new one from the same port alone")
    func oldConnection() throws {
        let bench = Bench()
        let alice = bench.client(over: .tcp)
        _ = try alice.relayed()
        let old = Client(fiveTuple: alice.fiveTuple, path: ClientPath(rawValue: 6))
        bench.engine.disconnect(old, now: bench.now.instant, host: &bench.host)
        #expect(bench.hasAllocation(alice))
    }

    @Test("I4: a shutdown ends everything")
    func shutdown() throws {
        let bench = Bench()
        for index in 1...50 { _ = try bench.client(at: "90.0.0.1:\(index)").relayed() }
        bench.engine.endAll(now: bench.now.instant, host: &bench.host)
        #expect(bench.isEmpty)
    }

    @Test("I4: the engine asks to be woken while it holds an allocation, in time for the next end")
    func nextExpiry() throws {
        let bench = Bench()
        #expect(bench.nextExpiry == nil)
        _ = try bench.client().relayed()
        var wakes = 0
        while let next = bench.nextExpiry, wakes < 1000 {
            let seconds = max(1, bench.now.instant.secondsUntil(next))
            bench.advance(seconds: seconds)
            wakes += 1
        }
        #expect(bench.isEmpty)
        #expect(wakes <= 602)
    }
}
