import Addressing
import STUN
import TURN
import Testing
import Timing
import Transport

@testable import Relay

/// Allocations that clients take to another worker. The test stands for the other one.
@Suite("Allocations between workers")
struct GuestTests {
    private static let loopback = IPAddress(v4: 0x7F00_0001)
    private let bench: WorkerBench
    private let client: TCPSocket
    private let ticket: [UInt8]
    /// The client's new path, which leads to the other worker.
    private let visitor: Client

    init() throws {
        bench = try WorkerBench(
            WorkerSettings(), relays: [RelayAddress(bound: Self.loopback)], workers: 2
        ) { settings in
            settings.authentication = .none
            settings.mobilityKey = [UInt8](repeating: 5, count: 32)
        }
        client = try TCPSocket(connectingTo: bench.address)
        try client.send(ClientMessages.allocate { $0.add(.mobilityTicket, []) })
        let reply = try client.receiveMessage()
        ticket = try MessageReader(reply.span).value(of: .mobilityTicket)?.copied() ?? []
        let path = FiveTuple(
            client: TransportAddress(Self.loopback, port: 9), server: bench.datagramAddress, transport: .udp)
        visitor = Client(fiveTuple: path, path: ClientPath(listener: 0))
    }

    private func refresh() -> [UInt8] {
        ClientMessages.message(.refresh) { $0.add(.mobilityTicket, ticket) }
    }

    /// Brings a Refresh from the other worker, and takes the answer to it.
    private func announce() throws -> GuestReply {
        bench.mailboxes[0].post(.serve(GuestRequest(message: refresh(), client: visitor, worker: 1)))
        guard case .passOn(let reply) = try bench.nextCommand(for: 1) else { throw NoAnswer() }
        return reply
    }

    private struct NoAnswer: Error {}

    /// Claims the allocation for the other worker, which gets it with its sockets.
    private func claim(with packet: [UInt8] = []) throws -> MovedSession {
        let claim = MobilityClaim(id: try #require(try announce().announced), worker: 0, client: visitor)
        bench.mailboxes[0].post(.give(claim, to: 1, with: packet))
        guard case .take(let session) = try bench.nextCommand(for: 1) else { throw NoAnswer() }
        return session
    }

    @Test("O03: a Refresh from another worker is answered there, and the allocation goes there when it is claimed")
    func goes() throws {
        defer { client.close() }
        let reply = try announce()
        #expect(reply.message.first == 1 && reply.client.fiveTuple == visitor.fiveTuple)
        let session = try claim(with: [1, 2, 3])
        #expect(session.packet == [1, 2, 3] && session.sockets.count == 1)
        #expect(bench.resources.mobility.worker(of: session.allocation.id) == 1)
        for each in session.sockets { each.socket.close() }
    }

    @Test("An allocation whose new worker has ended stays, with its sockets, and its ticket leads to it")
    func staysWhereNobodyTakesIt() async throws {
        defer { client.close() }
        let id = try #require(try announce().announced)
        bench.mailboxes[1].close()
        bench.mailboxes[0].post(
            .give(MobilityClaim(id: id, worker: 0, client: visitor), to: 1, with: refresh()))
        let control = try bench.control()
        let sessions = await control.sessions(matching: SessionFilter(), after: nil, limit: 10).sessions
        #expect(sessions.count == 1)
        #expect(bench.resources.mobility.worker(of: id) == 0)
        // Its old path leads to it no more; the ticket does.
        try client.send(ClientMessages.message(.refresh))
        #expect(try client.receiveMessage().dropFirst().first == 0x14)
        try client.send(refresh())
        #expect(try client.receiveMessage().dropFirst().first == 4)
    }

    @Test("M9: answers for a worker that is behind are lost, and its mailbox does not grow")
    func bounded() async throws {
        defer { client.close() }
        for _ in 0..<600 {
            bench.mailboxes[0].post(.serve(GuestRequest(message: refresh(), client: visitor, worker: 1)))
        }
        let control = try bench.control()
        let report = try #require(await control.reports().first)
        #expect(report.counters.guestsLost == 88)
        #expect(bench.mailboxes[1].drain().count == 512)
    }

    @Test("M9: messages for a worker that is behind are lost, and its mailbox does not grow")
    func boundedRequests() async throws {
        defer { client.close() }
        let session = try claim()
        defer {
            for each in session.sockets { each.socket.close() }
        }
        let datagrams = try UDPSocket(boundTo: TransportAddress(Self.loopback, port: 0))
        defer { datagrams.close() }
        let receives = ReceiveBatch(capacity: 1)
        var sends = SendBatch(capacity: 64)
        let message = refresh()
        let control = try bench.control()
        let deadline = ContinuousClock.now + .seconds(300)
        var lost: UInt64 = 0
        while lost == 0, ContinuousClock.now < deadline {
            for _ in 0..<64 {
                _ = sends.append(copying: message.span, to: SocketAddress(bench.datagramAddress), on: datagrams)
            }
            sends.flush(from: receives)
            lost = await control.reports().first?.counters.guestsLost ?? 0
        }
        #expect(lost > 0)
        #expect(bench.mailboxes[1].drain().count == 512)
    }

    @Test("A worker that is told to stop ends what is on its way to it: no port stays taken")
    func stopsWithWhatComes() async throws {
        let session = try claim()
        // The directory holds the worker up, which looks for the ticket there, until both have been posted.
        let isPosted = bench.resources.mobility.move(session.allocation.id, to: 0) {
            bench.mailboxes[0].post(.serve(GuestRequest(message: refresh(), client: visitor, worker: 1)))
            bench.mailboxes[0].post(.stop)
            return bench.mailboxes[0].post(.take(session))
        }
        #expect(isPosted)
        // The end of the worker ends the connection.
        try client.wait(for: .read, until: .now + .seconds(10))
        #expect(client.hasEnded)
        client.close()
        #expect(bench.resources.usage.allocations == 0 && bench.resources.mobility.count == 0)
    }

    @Test("O05: a path that leads nowhere is no connection's, and no listener's")
    func nowhere() {
        let table = ConnectionTable(start: .distantPast, backlogLimit: 0)
        let index = table.index(for: .nowhere)
        #expect(index == nil && ClientPath.nowhere.isConnection)
    }
}
