import Addressing
import Configuration
import Logging
import Testing
import Transport

@testable import Admin
@testable import Relay

@Suite("The stream of events")
struct EventStreamTests {
    @Test("A client who is gone before the body begins leaves no feed with the workers")
    func unread() throws {
        var configuration = ServerConfiguration()
        configuration.listeningAddresses = [IPAddress(v4: 0x7F00_0001)]
        configuration.listeningPort = 0
        configuration.noTCP = true
        configuration.relayThreads = 1
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = try RelayServer(configuration, software: "", logger: logger)
        let administration = Administration(
            version: "", server: server, logLevel: LogLevelSwitch(read: { .info }, write: { _ in }),
            reload: { ReloadOutcome(isApplied: false) })
        _ = EventStream(administration, kinds: Set(EventBody.Kind.allCases)).response
        #expect(server.mailboxes.flatMap { $0.drain() }.isEmpty)
    }
}
