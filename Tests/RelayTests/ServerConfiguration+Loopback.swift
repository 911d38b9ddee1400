import Addressing
import Configuration
import Transport

extension ServerConfiguration {
    /// A server on 127.0.0.1, on a port that was free a moment ago.
    static func loopback() throws -> ServerConfiguration {
        let loopback = IPAddress(v4: 0x7F00_0001)
        let probe = try TCPListener(boundTo: TransportAddress(loopback, port: 0), sharesPort: false)
        defer { probe.close() }
        var configuration = ServerConfiguration()
        configuration.listeningAddresses = [loopback]
        configuration.listeningPort = try probe.localAddress().port
        configuration.relayThreads = 1
        return configuration
    }
}
