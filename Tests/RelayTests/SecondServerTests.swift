import Addressing
import Configuration
import Logging
import Relay
import Testing
import Transport

@Suite("A second server on the same port")
struct SecondServerTests {
    @Test("It does not start and take half of the clients, over UDP or TCP", arguments: [(false, true), (true, false)])
    func refused(noUDP: Bool, noTCP: Bool) throws {
        let loopback = IPAddress(v4: 0x7F00_0001)
        let probe = try TCPListener(boundTo: TransportAddress(loopback, port: 0), sharesPort: false)
        var configuration = ServerConfiguration()
        configuration.listeningAddresses = [loopback]
        configuration.listeningPort = try probe.localAddress().port
        configuration.noUDP = noUDP
        configuration.noTCP = noTCP
        configuration.relayThreads = 2
        probe.close()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let first = try RelayServer(configuration, software: "", logger: logger)
        defer { first.stop() }
        #expect(throws: RelayServer.StartError.self) {
            try RelayServer(configuration, software: "", logger: logger).stop()
        }
    }
}
