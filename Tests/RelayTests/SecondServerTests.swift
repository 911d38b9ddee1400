import Configuration
import Logging
import Relay
import Testing

@Suite("A second server on the same port")
struct SecondServerTests {
    @Test("It does not start and take half of the clients, over UDP or TCP", arguments: [(false, true), (true, false)])
    func refused(noUDP: Bool, noTCP: Bool) throws {
        var configuration = try ServerConfiguration.loopback()
        configuration.noUDP = noUDP
        configuration.noTCP = noTCP
        configuration.relayThreads = 2
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let first = try RelayServer(configuration, software: "", logger: logger)
        defer { first.stop() }
        #expect(throws: RelayServer.StartError.self) {
            try RelayServer(configuration, software: "", logger: logger).stop()
        }
    }
}
