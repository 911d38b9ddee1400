import Addressing
import STUN
import TURN
import Testing
import Transport

@testable import Relay

/// Connections that a worker brings to another one. The test stands for the other one.
@Suite("Hand-over of connections")
struct HandOverTests {
    private func bench() throws -> WorkerBench {
        try WorkerBench(WorkerSettings(), workers: 2) { settings in
            settings.authentication = .none
            settings.relaysTCP = true
        }
    }

    /// A ConnectionBind for a connection of a worker.
    private func bind(toConnectionOf worker: UInt32) -> [UInt8] {
        ClientMessages.message(.connectionBind) { $0.add(.connectionID, 1000 + worker) }
    }

    /// What comes into the mailbox of the other worker next.
    private func handedOver(_ bench: WorkerBench) throws -> DetachedConnection {
        guard case .adopt(let connection) = try bench.nextCommand(for: 1) else { throw NotHandedOver() }
        return connection
    }

    private struct NotHandedOver: Error {}

    @Test("M05: a connection goes to the worker that its ConnectionBind names, with all that was sent behind it")
    func goes() throws {
        let bench = try bench()
        let client = try TCPSocket(connectingTo: bench.address)
        defer { client.close() }
        let request = bind(toConnectionOf: 1)
        try client.send(request + request)
        let connection = try handedOver(bench)
        #expect(connection.unread == request + request)
        connection.close()
    }

    @Test("P9: a connection that was handed over is served, and is closed when it asks for a third worker")
    func once() throws {
        let bench = try bench()
        let client = try TCPSocket(connectingTo: bench.address)
        defer { client.close() }
        try client.send(bind(toConnectionOf: 1))
        var connection = try handedOver(bench)
        // As if it came from the other worker, with requests that lead here and back again.
        connection.unread = bind(toConnectionOf: 0) + bind(toConnectionOf: 1)
        bench.mailboxes[0].post(.adopt(connection))
        let answer = try client.receiveMessage()
        #expect(answer.first == 1 && answer.dropFirst().first == 0x1B, "the first is answered, with 400")
        try client.wait(for: .read, until: .now + .seconds(10))
        #expect(client.hasEnded)
        #expect(bench.mailboxes[1].drain().isEmpty)
    }

    @Test("M9: a worker that is behind gets no more connections; they are closed")
    func full() throws {
        let bench = try bench()
        for _ in 0..<1024 { bench.mailboxes[1].post(.drain(false)) }
        let client = try TCPSocket(connectingTo: bench.address)
        defer { client.close() }
        try client.send(bind(toConnectionOf: 1))
        try client.wait(for: .read, until: .now + .seconds(10))
        #expect(client.hasEnded)
        #expect(bench.mailboxes[1].drain().count == 1024)
    }

    @Test("A turn has time for some commands; the others come in the next ones, in their order")
    func commandsPerTurn() throws {
        let mailbox = try Mailbox<WorkerCommand>()
        var queue = CommandQueue()
        for number in 0..<100 { mailbox.post(.give(claim(UInt64(number)), to: 0, with: [])) }
        queue.take(from: mailbox)
        mailbox.post(.give(claim(100), to: 0, with: []))
        var turns: [[UInt64]] = []
        while !queue.isEmpty {
            turns.append(names(queue.next()))
            queue.take(from: mailbox)
        }
        #expect(turns == [Array(0..<64), Array(64..<100), [100]])
    }

    private func claim(_ number: UInt64) -> MobilityClaim {
        let nowhere = TransportAddress(.any(.ipv4), port: 1)
        return MobilityClaim(
            id: MobilityID(rawValue: number), worker: 0,
            client: Client(
                fiveTuple: FiveTuple(client: nowhere, server: nowhere, transport: .udp), path: ClientPath(rawValue: 0)))
    }

    private func names(_ commands: ArraySlice<WorkerCommand>) -> [UInt64] {
        commands.compactMap { command in
            guard case .give(let claim, _, _) = command else { return nil }
            return claim.id.rawValue
        }
    }
}
