import TURN
import Testing
import Transport

@testable import Relay

/// What an operator ends while clients move from worker to worker. The test stands for the workers.
@Suite("Ending sessions everywhere")
struct EndingTests {
    /// What a worker was asked to end.
    private struct Asked: Sendable, Equatable {
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
        let asked = try Mailbox<Asked>()
        _ = try Thread.spawn(name: "workers") {
            // The first worker has a session of its own, and then one that came from the second.
            for (worker, endings) in [(0, 1), (1, 0), (0, 1), (1, 0)] {
                guard case .answer(.endAll(let filter, let reply)) = try? nextCommand(in: workers[worker]) else {
                    return
                }
                asked.post(Asked(worker: worker, username: filter.username, isMobile: filter.isMobile))
                reply.give(endings)
            }
        }
        var filter = SessionFilter()
        filter.username = [1]
        #expect(await control.end(matching: filter) == 2)
        #expect(
            asked.drain()
                == [
                    Asked(worker: 0, username: [1], isMobile: false), Asked(worker: 1, username: [1], isMobile: false),
                    Asked(worker: 0, username: [1], isMobile: true), Asked(worker: 1, username: [1], isMobile: true),
                ])
    }
}
