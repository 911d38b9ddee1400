import Addressing
import Logging
import Synchronization
import TURN
import Testing

@testable import Relay

@Suite("Journal")
struct JournalTests {
    /// Counts records.
    private final class Counter: Sendable {
        let records = Mutex(0)
    }

    private struct CountingHandler: LogHandler {
        let counter: Counter
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            counter.records.withLock { $0 += 1 }
        }
    }

    @Test("A client that refreshes without end does not fill the disk")
    func refreshes() {
        let counter = Counter()
        var journal = Journal(Logger(label: "test") { _ in CountingHandler(counter: counter) }, worker: 0)
        let nowhere = TransportAddress(.any(.ipv4), port: 1)
        let fiveTuple = FiveTuple(client: nowhere, server: nowhere, transport: .udp)
        for _ in 0..<10_000 {
            journal.write(
                .allocationRefreshed(
                    AllocationID(index: 0, generation: 1), fiveTuple, username: [], lifetimeSeconds: 600))
        }
        #expect(counter.records.withLock { $0 } < 1000)
    }
}
