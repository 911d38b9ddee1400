import Addressing
import STUN
import TURN
import Testing
import Transport

@testable import Relay

/// ICMP errors for a client over TCP that does not read.
@Suite("ICMP errors for slow readers", .serialized)
struct ErrorBacklogTests {
    private static let loopback = IPAddress(v4: 0x7F00_0001)
    private let client: TCPSocket
    private let bench: WorkerBench
    private let control: RelayControl
    /// A peer that sends, and one whose port is closed.
    private let (peer, closed): (UDPSocket, TransportAddress)

    init() throws {
        var worker = WorkerSettings()
        worker.reportsErrors = true
        bench = try WorkerBench(worker, relays: [RelayAddress(bound: Self.loopback)]) { settings in
            settings.authentication = .none
            settings.peerPolicy = PeerPolicy(rules: [], allowLoopback: true)
            settings.icmpErrorsPerSecond = 0
        }
        control = try bench.control()
        client = try TCPSocket(connectingTo: bench.address)
        peer = try UDPSocket(boundTo: TransportAddress(Self.loopback, port: 0))
        let gone = try UDPSocket(boundTo: TransportAddress(Self.loopback, port: 0))
        closed = try gone.localAddress()
        gone.close()
    }

    @Test("P10, F08: however many errors come back, they are dropped like media and end no session")
    func endsNothing() async throws {
        defer {
            client.close()
            peer.close()
        }
        let relayed = try allocate()
        try await fillBacklog(relayed)
        // As many as would fill the room that replies have behind the media, and more.
        let indications = Array(repeatElement(indication(), count: 200).joined())
        let drops = try await report().backlogDrops
        var (dropped, sessions) = (UInt64(0), 1)
        let deadline = ContinuousClock.now + .seconds(300)
        while dropped < 2000, sessions == 1, ContinuousClock.now < deadline {
            try client.send(indications)
            let report = try await report()
            (dropped, sessions) = (report.backlogDrops - drops, report.tally.sessions.reduce(0, +))
        }
        #expect(sessions == 1 && dropped >= 2000)
    }

    private func allocate() throws -> TransportAddress {
        try client.send(ClientMessages.allocate())
        let relayed = try ClientMessages.relayedAddress(in: client.receiveMessage())
        try client.send(ClientMessages.message(.createPermission) { $0.add(.xorPeerAddress, xor: closed) })
        #expect(try client.receiveMessage().first == 1)
        return try #require(relayed)
    }

    /// Lets the peer send until more waits for the client than is kept.
    private func fillBacklog(_ relayed: TransportAddress) async throws {
        let receives = ReceiveBatch(capacity: 1)
        var sends = SendBatch(capacity: 64)
        let media = [UInt8](repeating: 7, count: 1200)
        let deadline = ContinuousClock.now + .seconds(300)
        while try await report().backlogDrops == 0, ContinuousClock.now < deadline {
            for _ in 0..<32 { _ = sends.append(copying: media.span, to: SocketAddress(relayed), on: peer) }
            sends.flush(from: receives)
        }
    }

    /// Four bytes for the closed port.
    private func indication() -> [UInt8] {
        ClientMessages.message(.send, .indication) { writer in
            writer.add(.xorPeerAddress, xor: closed)
            writer.add(.data, [1, 2, 3, 4])
        }
    }

    private func report() async throws -> WorkerReport {
        try #require(await control.reports().first)
    }
}
