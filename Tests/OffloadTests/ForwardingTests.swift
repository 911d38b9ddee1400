import Addressing
import COffload
import SeededRandom
import Testing

@testable import Offload

/// What the program makes of packets, byte for byte, beside packets that were put together in the plainest way.
@Suite(.enabled(if: ProgramBench.isAllowed, "needs root, or CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON"))
struct ForwardingTests {
    static let families = [
        ("192.0.2.7:5000", "198.51.100.1:3478", "198.51.100.1:50000", "203.0.113.9:6000"),
        ("[2001:db8::7]:5000", "[2001:db8:1::1]:3478", "[2001:db8:1::1]:50000", "[2001:db8:2::9]:6000"),
        ("192.0.2.7:5000", "198.51.100.1:3478", "[2001:db8:1::1]:50000", "[2001:db8:2::9]:6000"),
        ("[2001:db8::7]:5000", "[2001:db8:1::1]:3478", "198.51.100.1:50000", "203.0.113.9:6000"),
    ]

    @Test("a probe through the hook of lo is rewritten and counted")
    func probe() throws {
        let loopback = NetworkInterface(index: Route.loopback, name: "lo")
        let relay = try KernelRelay(.tc, interfaces: [loopback], channels: 1)
        #expect(relay.interfaces == [loopback] && relay.refusals.isEmpty)
        #expect(relay.maps.slots[0].packets == 0, "nothing of it stays")
    }

    @Test("a probe that the program does not get fails")
    func lostProbe() throws {
        let maps = try RelayMaps(entries: 2)
        #expect(throws: OffloadError.self, "no program is on the hook") {
            try HookProbe(maps: maps).run(on: NetworkInterface(index: Route.loopback, name: "lo"))
        }
    }

    @Test(
        "a channel's packets leave both ways as a relay would send them, whatever the families",
        arguments: [Hook.tc, .xdp], families)
    func forwards(hook: Hook, _ at: (client: String, server: String, relayed: String, peer: String)) throws {
        let bench = try ProgramBench(hook)
        try bench.add(
            OffloadedPath(
                client: address(at.client), server: address(at.server), channel: ProgramBench.channel,
                relayed: address(at.relayed), peer: address(at.peer)))
        var random = SeededRandom()
        var bytes: UInt64 = 0
        for _ in 0..<200 {
            let payload = (0..<Int.random(in: 0...1200, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            let framed = channelData(ProgramBench.channel, payload)
            var up = try WirePacket(from: at.client, to: at.server, framed)
            up.hopLimit = UInt8.random(in: 2...255, using: &random)
            up.trafficClass = UInt8.random(in: 0...255, using: &random)
            var sent = try WirePacket(from: at.relayed, to: at.peer, payload)
            (sent.hopLimit, sent.trafficClass) = (up.hopLimit - 1, up.trafficClass)
            #expect(try bench.forward(up) == sent.bytes)

            guard !payload.isEmpty else { continue }
            var down = try WirePacket(from: at.peer, to: at.relayed, payload)
            (down.hopLimit, down.trafficClass) = (up.hopLimit, up.trafficClass)
            var delivered = try WirePacket(from: at.server, to: at.client, framed)
            (delivered.hopLimit, delivered.trafficClass) = (up.hopLimit - 1, up.trafficClass)
            #expect(try bench.forward(down) == delivered.bytes)
            bytes += UInt64(payload.count)
        }
        #expect(bench.maps.slots[0].packets == 200)
        #expect(bench.maps.slots[0].bytes == bytes)
        #expect(bench.maps.slots[1].bytes == bytes)
    }
}
