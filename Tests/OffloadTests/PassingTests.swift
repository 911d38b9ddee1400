import Addressing
import COffload
import Testing

@testable import Offload

/// What the program leaves to the server. `ProgramBench.forward` demands that it is left untouched.
@Suite(.enabled(if: ProgramBench.isAllowed, "needs root, or CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON"))
struct PassingTests {
    static let media = [UInt8](repeating: 0x80, count: 172)

    private func bench(_ hook: Hook = .xdp, chains: Bool = false) throws -> ProgramBench {
        let bench = try ProgramBench(hook)
        try bench.add(Self.path(), chains: chains)
        return bench
    }

    private static func path() throws -> OffloadedPath {
        try OffloadedPath(
            client: address("192.0.2.7:5000"), server: address("198.51.100.1:3478"), channel: ProgramBench.channel,
            relayed: address("198.51.100.1:50000"), peer: address("203.0.113.9:6000"))
    }

    private func up(_ payload: [UInt8] = channelData(ProgramBench.channel, media)) throws -> WirePacket {
        try WirePacket(from: "192.0.2.7:5000", to: "198.51.100.1:3478", payload)
    }

    private func down(_ payload: [UInt8] = media) throws -> WirePacket {
        try WirePacket(from: "203.0.113.9:6000", to: "198.51.100.1:50000", payload)
    }

    @Test("an unknown channel, a padded one, a wrong length and STUN go to the server", arguments: [Hook.tc, .xdp])
    func framing(hook: Hook) throws {
        let bench = try bench(hook)
        #expect(try bench.forward(up()) != nil)
        #expect(try bench.forward(up(channelData(0x4002, Self.media))) == nil)
        #expect(try bench.forward(up(channelData(ProgramBench.channel, [1, 2, 3]) + [0])) == nil)
        #expect(try bench.forward(up([0x40, 0x01, 0xFF, 0xFF] + Self.media)) == nil)
        #expect(try bench.forward(up([0x00, 0x01, 0x00, 0x00, 0x21, 0x12, 0xA4, 0x42] + Self.media)) == nil)
        #expect(try bench.forward(up([0x40, 0x01])) == nil)
        #expect(try bench.forward(up([])) == nil)
    }

    @Test("a packet of another 5-tuple or another interface goes to the server")
    func spoofed() throws {
        let bench = try bench()
        for (from, to) in [
            ("192.0.2.8:5000", "198.51.100.1:3478"), ("192.0.2.7:5001", "198.51.100.1:3478"),
            ("192.0.2.7:5000", "198.51.100.2:3478"), ("192.0.2.7:5000", "198.51.100.1:3479"),
        ] {
            let packet = try WirePacket(from: from, to: to, channelData(ProgramBench.channel, Self.media))
            #expect(try bench.forward(packet) == nil)
        }
        #expect(try bench.forward(WirePacket(from: "203.0.113.9:6001", to: "198.51.100.1:50000", Self.media)) == nil)
        let elsewhere = try ProgramBench(.xdp)
        try elsewhere.add(Self.path(), ingress: 7)
        #expect(try elsewhere.forward(up()) == nil)
        #expect(try elsewhere.forward(down()) == nil)
    }

    @Test("a peer's payload that looks like ChannelData is payload")
    func lookalike() throws {
        let bench = try bench()
        let payload = channelData(ProgramBench.channel, Self.media)
        let delivered = try #require(try bench.forward(down(payload)))
        var expected = try WirePacket(
            from: "198.51.100.1:3478", to: "192.0.2.7:5000", channelData(ProgramBench.channel, payload))
        expected.hopLimit = 63
        #expect(delivered == expected.bytes)
    }

    @Test("a slot that has expired leaves its packets to the server, and renewed takes them again")
    func expiry() throws {
        let bench = try bench()
        bench.maps.slots.store(1, in: \.expiry_ns, of: 0)
        #expect(try bench.forward(up()) == nil)
        #expect(try bench.forward(down()) != nil)
        bench.maps.slots.store(.max, in: \.expiry_ns, of: 0)
        #expect(try bench.forward(up()) != nil)
    }

    @Test(
        "fragments, IP options, a last hop, another protocol and a cut frame go to the server",
        arguments: [Hook.tc, .xdp])
    func headers(hook: Hook) throws {
        let bench = try bench(hook)
        var lastHop = try up()
        lastHop.hopLimit = 1
        #expect(try bench.forward(lastHop) == nil)
        let frame = try up().bytes
        let changes: [(offset: Int, value: UInt8)] = [
            (20, 0x20), (21, 0x08), (14, 0x46), (14, 0x65), (23, 6), (12, 0x81), (17, 0xFF), (38, 0x01), (39, 0x00),
        ]
        for change in changes {
            var changed = frame
            changed[change.offset] = change.value
            #expect(try bench.forward(changed) == nil, "byte \(change.offset) as \(change.value)")
        }
        #expect(try bench.forward(Array(frame.dropLast())) == nil)
        #expect(try bench.forward(frame + [0]) == nil)
    }

    @Test("a checksum that the card was to fill in goes to the server", arguments: [Hook.tc, .xdp])
    func partialChecksum(hook: Hook) throws {
        let bench = try bench(hook)
        var frame = try up().bytes
        // The sum of the pseudo-header alone: 192.0.2.7, 198.51.100.1, 17, the length of UDP.
        let length = 8 + 4 + Self.media.count
        var sum = 0xC000 + 0x0207 + 0xC633 + 0x6401 + 17 + length
        while sum > 0xFFFF { sum = sum >> 16 + sum & 0xFFFF }
        (frame[40], frame[41]) = (UInt8(sum >> 8), UInt8(sum & 0xFF))
        #expect(try bench.forward(frame) == nil)
    }

    @Test("no checksum stays none over IPv4, and goes to the server where it would become IPv6")
    func noChecksum() throws {
        var packet = try up()
        packet.hasChecksum = false
        var sent = try WirePacket(from: "198.51.100.1:50000", to: "203.0.113.9:6000", Self.media)
        (sent.hasChecksum, sent.hopLimit) = (false, 63)
        #expect(try bench().forward(packet) == sent.bytes)
        let mixed = try ProgramBench(.xdp)
        try mixed.add(
            OffloadedPath(
                client: address("192.0.2.7:5000"), server: address("198.51.100.1:3478"), channel: ProgramBench.channel,
                relayed: address("[2001:db8::1]:50000"), peer: address("[2001:db8::9]:6000")))
        #expect(try mixed.forward(packet) == nil)
    }

    @Test(
        "from client to client of this server a packet takes one pass, and both channels count it",
        arguments: [Hook.tc, .xdp])
    func chains(hook: Hook) throws {
        let bench = try ProgramBench(hook)
        // Each client's peer is the other one's relayed address.
        try bench.add(
            OffloadedPath(
                client: address("192.0.2.7:5000"), server: address("198.51.100.1:3478"), channel: ProgramBench.channel,
                relayed: address("198.51.100.1:50000"), peer: address("198.51.100.1:50001")), chains: true)
        #expect(try bench.forward(up()) == nil, "the other client has bound no channel")
        try bench.add(
            OffloadedPath(
                client: address("192.0.2.99:7000"), server: address("198.51.100.1:3478"), channel: 0x4FFF,
                relayed: address("198.51.100.1:50001"), peer: address("198.51.100.1:50000")), slot: 2, chains: true)
        var delivered = try WirePacket(
            from: "198.51.100.1:3478", to: "192.0.2.99:7000", channelData(0x4FFF, Self.media))
        delivered.hopLimit = 63
        #expect(try bench.forward(up()) == delivered.bytes)
        #expect(bench.maps.slots[0].packets == 1)
        #expect(bench.maps.slots[3].bytes == UInt64(Self.media.count))
    }

    @Test("over its rate a session's packets are thrown away and counted")
    func rate() throws {
        let bench = try ProgramBench(.xdp)
        try bench.add(Self.path(), meter: 5)
        // One byte takes a second; the burst holds one packet.
        bench.maps.meters[5] = relay_meter(
            empty_ns: 0, cost: 65536 * 1_000_000_000, burst_ns: 1_000_000_000 * UInt64(Self.media.count))
        #expect(try bench.forward(up()) != nil)
        #expect(try bench.program.run(on: up().bytes, hook: .xdp).verdict == 1)
        #expect(bench.maps.slots[0].dropped == 1)
        #expect(bench.maps.slots[0].packets == 1)
    }
}
