import Addressing
import Configuration
import Logging
import TURN
import Testing
import Transport

@testable import Relay

@Suite("Alternate servers and a reload")
struct ProbeEpochTests {
    @Test("What a probe finds that a reload has replaced, or that never came to be in use, moves no client")
    func epochs() throws {
        var configuration = try ServerConfiguration.loopback()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = try RelayServer(configuration, software: "", logger: logger)
        defer { server.stop() }
        let address = TransportAddress(IPAddress(v4: 0x7F00_0001), port: 9)
        let other = AlternateServer(address, for: [.udp])

        server.sendClients(to: [other], in: 1)
        #expect(redirections(server) == [])
        server.sendClients(to: [other], in: 0)
        #expect(redirections(server) == [[other]])

        configuration.alternateServers = [ConfiguredAlternateServer(.udp, at: address)]
        _ = try server.reload(configuration)
        #expect(redirections(server).map { $0.map(\.address) } == [[address]])
        server.sendClients(to: [], in: 0)
        #expect(redirections(server) == [])
        server.sendClients(to: [], in: 1)
        #expect(redirections(server) == [[]])
    }

    private func redirections(_ server: RelayServer) -> [[AlternateServer]] {
        server.mailboxes[0].drain().compactMap {
            guard case .sendClients(let servers) = $0 else { return nil }
            return servers
        }
    }
}
