import Addressing
import TURNClient
import Testing

/// What does not depend on how fast the machine is: a datagram longer than a second's worth never passes.
@Suite("Bandwidth over sockets")
struct BandwidthTests {
    private func bytes(_ count: Int) -> [UInt8] { [UInt8](repeating: 7, count: count) }

    @Test("S5: what is beyond the limit reaches neither peer nor client, and a reload changes it for running sessions")
    func limit() throws {
        try withServer(.init(lines: ["max-bps=100"])) { server in
            let (client, peer) = (try server.client(), try peer())
            let relay = try client.allocate()
            try client.bind(.first, to: peer)
            try client.send([0x40, 0, 0, 101] + bytes(101))
            try client.send([0x40, 0, 0, 60] + bytes(60))
            #expect(try peer.receive() == (bytes(60), relay))
            try peer.send(bytes(101), to: relay)
            try peer.send(bytes(61), to: relay)
            #expect(try client.receiveMessage() == [0x40, 0, 0, 61] + bytes(61))

            let lines = try server.reload([])
            #expect(lines.contains { $0.contains("changed=max-bps") })
            try client.send([0x40, 0, 0, 101] + bytes(101))
            #expect(try peer.receive() == (bytes(101), relay))
        }
    }

    @Test("G12: bandwidth that is promised to others is refused with 508, until they are gone")
    func capacity() throws {
        try withServer(.init(lines: ["max-bps=100", "bps-capacity=250"])) { server in
            let clients = try (1...3).map { _ in try server.client() }
            for client in clients.prefix(2) { _ = try client.allocate() }
            #expect(try clients[2].request(.allocate()).errorCode == 508)
            #expect(try clients[0].request(.refresh(lifetimeSeconds: 0)).isSuccess)
            _ = try clients[2].allocate()
        }
    }
}
