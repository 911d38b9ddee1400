import TURN
import Testing
import Transport

@testable import Relay

/// What an operator ends while clients move from worker to worker. The test stands for the workers.
@Suite("Ending sessions everywhere")
struct EndingTests {
    /// What a worker was asked to end.
    private struct Asked: Equatable {
        let worker: Int
        let username: [UInt8]?
        let isMobile: Bool
    }

    @Test("A session that goes from a worker not asked yet to one that was is ended in a second round")
    func secondRound() async throws {
        let workers = [try Mailbox<WorkerCommand>(), try Mailbox<WorkerCommand>()]
        let control = try RelayControl(
            workers: workers, resources: RelayResources(addresses: [], ports: 49152...65535),
            settings: EngineSettings(nonceKey: Array(1...32)))
        var filter = SessionFilter()
        filter.username = [1]
        async let count = control.end(matching: filter)
        // Whatever happens, nobody waits for an answer.
        defer {
            for worker in workers { worker.close() }
        }
        // The first worker has a session of its own, and then one that came from the second.
        var asked: [Asked] = []
        for (worker, endings) in [(0, 1), (1, 0), (0, 1), (1, 0)] {
            let (filter, reply) = try await question(in: workers[worker])
            asked.append(Asked(worker: worker, username: filter.username, isMobile: filter.isMobile))
            reply.give(endings)
        }
        #expect(await count == 2)
        #expect(
            asked
                == [
                    Asked(worker: 0, username: [1], isMobile: false), Asked(worker: 1, username: [1], isMobile: false),
                    Asked(worker: 0, username: [1], isMobile: true), Asked(worker: 1, username: [1], isMobile: true),
                ])
    }

    /// What a worker is asked to end next.
    private func question(in mailbox: Mailbox<WorkerCommand>) async throws -> (SessionFilter, Reply<Int>) {
        let deadline = ContinuousClock.now + .seconds(300)
        while ContinuousClock.now < deadline {
            let commands = mailbox.drain()
            if case .answer(.endAll(let filter, let reply)) = commands.first { return (filter, reply) }
            guard commands.isEmpty else { throw UnexpectedCommands(count: commands.count) }
            await Task.yield()
        }
        throw UnexpectedCommands(count: 0)
    }
}
