import Addressing
import STUN
import TURN
import TestBench
import Testing
import Timing

/// What the engine tells a host that relays channels without it.
@Suite("Offloaded channels")
struct OffloadedChannelTests {
    let bench = Bench { $0.mobilityKey = [UInt8](repeating: 5, count: 32) }
    let peer = "5.6.7.8:9000"

    init() {
        bench.host.offloadsChannels = true
    }

    /// Seconds from now until each offloaded channel ends.
    private func secondsLeft(_ bench: Bench) -> [UInt32] {
        bench.host.offloaded.values.map { bench.now.instant.secondsUntil($0.end) }
    }

    @Test("A channel is offloaded when it is bound, with the addresses that are on the wire")
    func bound() throws {
        let alice = bench.client()
        let relayed = try alice.relayed()
        #expect(try alice.bind(0x4001, to: peer).isSuccess)
        let channel = try #require(bench.host.offloaded.values.first).channel
        #expect(bench.host.offloaded.count == 1)
        #expect(channel.fiveTuple == alice.fiveTuple && channel.number.rawValue == 0x4001)
        #expect(channel.relayed == relayed && channel.peer == Bench.address(peer))
        #expect(bench.host.handle(at: relayed).flatMap { bench.host.sockets[$0] }?.allocation == channel.allocation)
        #expect(try alice.bind(0x4001, to: peer).isSuccess)
        #expect(bench.host.offloaded.count == 1, "bound again it is the same")
    }

    @Test("Behind a NAT the bound address is on the wire, not that which clients are told")
    func behindNAT() throws {
        let bench = Bench(addresses: [
            RelayAddress(bound: Bench.address("10.0.0.1:1").ip, advertised: Bench.address("84.1.1.1:1").ip)
        ])
        bench.host.offloadsChannels = true
        let alice = bench.client()
        let relayed = try alice.relayed()
        #expect(try alice.bind(0x4001, to: peer).isSuccess)
        #expect(
            bench.host.offloaded.values.first?.channel.relayed
                == TransportAddress(Bench.address("10.0.0.1:1").ip, port: relayed.port))
    }

    @Test("The earliest of allocation, permission and channel ends it, and each can be prolonged")
    func earliestEnd() throws {
        let bench = Bench {
            $0.strictPermissions = true
            $0.permissionLifetimeSeconds = 200
        }
        bench.host.offloadsChannels = true
        let alice = bench.client()
        #expect(try alice.allocate { $0.add(.lifetime, UInt32(700)) }.isSuccess)
        #expect(try alice.bind(0x4000, to: peer).isSuccess)
        #expect(secondsLeft(bench) == [200], "the permission")
        bench.advance(seconds: 100)
        #expect(try alice.permit(peer).isSuccess)
        #expect(secondsLeft(bench) == [200])
        for _ in 0..<4 {
            bench.advance(seconds: 100)
            #expect(try alice.permit(peer).isSuccess)
        }
        #expect(secondsLeft(bench) == [100], "the channel")
        #expect(try alice.bind(0x4000, to: peer).isSuccess)
        bench.advance(seconds: 50)
        #expect(try alice.permit(peer).isSuccess)
        #expect(secondsLeft(bench) == [150], "the allocation")
        #expect(try alice.refresh(lifetime: 800).isSuccess)
        #expect(secondsLeft(bench) == [200])
    }

    @Test("What has run out is taken back, what the client ends too; and what it carried is counted")
    func takenBack() throws {
        bench.host.carried.sentBytes = 70
        bench.host.carried.receivedPackets = 3
        let alice = bench.client()
        _ = try alice.relayed { $0.add(.lifetime, UInt32(3600)) }
        #expect(try alice.bind(0x4000, to: peer).isSuccess)
        #expect(try alice.bind(0x4001, to: "5.6.7.9:9000").isSuccess)
        bench.advance(seconds: 300)
        #expect(try alice.bind(0x4001, to: "5.6.7.9:9000").isSuccess)
        bench.advance(seconds: 301)
        #expect(bench.host.offloaded.values.map(\.channel.number.rawValue) == [0x4001])
        #expect(try alice.bind(0x4000, to: "5.6.7.10:9000").isSuccess)
        #expect(bench.host.offloaded.count == 2, "the number stands for another peer")
        #expect(try alice.refresh(lifetime: 0).isSuccess)
        #expect(bench.host.offloaded.isEmpty)
        let ended = bench.host.events.compactMap { event in
            if case .allocationEnded(_, _, _, let traffic, _, _) = event { traffic } else { nil }
        }
        #expect(ended.first?.sentBytes == 3 * 70 && ended.first?.receivedPackets == 3 * 3)
    }

    @Test("A peer that is denied now is taken back at once")
    func denied() throws {
        let alice = bench.client()
        _ = try alice.relayed()
        #expect(try alice.bind(0x4000, to: peer).isSuccess)
        #expect(try alice.bind(0x4001, to: "6.6.7.8:9000").isSuccess)
        let range = try AddressRange(parsing: "5.6.7.0/24")
        bench.reload { $0.peerPolicy = PeerPolicy(rules: [PeerRule(.deny, range, origin: "denied-peer-ip, test")]) }
        #expect(bench.host.offloaded.values.map(\.channel.number.rawValue) == [0x4001])
    }

    @Test("An announced path brings its channels back to the engine until something has come by it")
    func moves() throws {
        let alice = bench.client()
        let reply = try alice.allocate { $0.add(.mobilityTicket, []) }
        let ticket = try #require(reply.value(.mobilityTicket))
        #expect(try alice.bind(0x4000, to: peer).isSuccess)
        let elsewhere = bench.client(at: "91.0.0.1:6000")
        #expect(try elsewhere.request(.refresh) { $0.add(.mobilityTicket, ticket) }.isSuccess)
        #expect(bench.host.offloaded.isEmpty)
        bench.clean()
        #expect(try alice.permit(peer).isSuccess)
        #expect(bench.host.offloaded.isEmpty, "it may still come by either path")
        #expect(elsewhere.send([1], through: 0x4000).relayed?.payload == [1])
        bench.clean()
        #expect(bench.host.offloaded.values.map(\.channel.fiveTuple) == [elsewhere.fiveTuple])
    }

    @Test("A path that was announced and never used leaves the channels to the old one")
    func staysAfterAll() throws {
        let alice = bench.client()
        let reply = try alice.allocate { $0.add(.mobilityTicket, []) }
        let ticket = try #require(reply.value(.mobilityTicket))
        #expect(try alice.bind(0x4000, to: peer).isSuccess)
        let elsewhere = bench.client(at: "91.0.0.1:6000")
        #expect(try elsewhere.request(.refresh) { $0.add(.mobilityTicket, ticket) }.isSuccess)
        bench.advance(seconds: 31)
        #expect(bench.host.offloaded.values.map(\.channel.fiveTuple) == [alice.fiveTuple])
    }

    @Test("A session with a limit of bandwidth keeps its packets in the engine, from when it has one")
    func limited() throws {
        let alice = bench.client()
        _ = try alice.relayed()
        #expect(try alice.bind(0x4000, to: peer).isSuccess)
        for (rate, count) in [(50_000, 0), (0, 1)] {
            var limits = bench.resources.limits
            limits.sessionBytesPerSecond = rate
            bench.resources.limit(to: limits)
            bench.reload { _ in }
            #expect(bench.host.offloaded.count == count)
        }
    }

    @Test("Clients over a stream are not offloaded, nor is anything by a host that does not offer it")
    func elsewhere() throws {
        let stream = bench.client(transport: .tcp)
        _ = try stream.relayed()
        #expect(try stream.bind(0x4000, to: peer).isSuccess)
        bench.host.offloadsChannels = false
        let alice = bench.client(at: "90.0.0.1:5001")
        _ = try alice.relayed()
        #expect(try alice.bind(0x4000, to: peer).isSuccess)
        #expect(bench.host.offloaded.isEmpty)
    }

    @Test("What the host has relayed is the session's traffic, and its channels are marked")
    func counted() throws {
        let alice = bench.client()
        let relayed = try alice.relayed()
        #expect(try alice.bind(0x4000, to: peer).isSuccess)
        let id = try #require(bench.host.handle(at: relayed).flatMap { bench.host.sockets[$0] }).allocation
        var traffic = Traffic()
        traffic.sentBytes = 1200
        bench.engine.count(traffic, on: id)
        bench.engine.count(traffic, on: AllocationID(index: id.index, generation: id.generation &+ 2))
        let session = try #require(bench.engine.session(id, now: bench.now.instant))
        #expect(session.summary.traffic.sentBytes == 1200)
        #expect(session.channels.map(\.isOffloaded) == [true])
    }
}
