import Addressing
import STUN
import TURNClient
import Testing

@Suite("NAT behaviour discovery over sockets")
struct DiscoveryTests {
    static let options = ServerProcess.Options(
        listening: ["127.0.0.1", "127.0.0.2"], relay: ["127.0.0.1"],
        lines: ["rfc5780", "relay-threads=2", "stun-backward-compatibility"])

    func binding(_ body: (inout MessageWriter) -> Void = { _ in }) -> [UInt8] {
        var writer = MessageWriter()
        writer.begin(
            MessageType(.binding, .request),
            TransactionID(high: .random(in: 0 ... .max), low: .random(in: 0 ... .max)))
        body(&writer)
        return writer.bytes
    }

    @Test("N03: answers come from each of the four places, asked at each of them")
    func changes() throws {
        try withServer(Self.options) { server in
            let client = try peer()
            let ports = [server.ports.listening, server.ports.listening + 1]
            for (ip, otherIP) in [("127.0.0.1", "127.0.0.2"), ("127.0.0.2", "127.0.0.1")] {
                for (port, otherPort) in [(ports[0], ports[1]), (ports[1], ports[0])] {
                    let asked = TransportAddress(try #require(IPAddress(ip)), port: port)
                    let other = TransportAddress(try #require(IPAddress(otherIP)), port: otherPort)
                    for flags: UInt32 in [0, 2, 4, 6] {
                        try client.send(binding { $0.add(.changeRequest, flags) }, to: asked)
                        let (_, source) = try client.receive()
                        #expect(source.ip == (flags & 4 == 0 ? asked : other).ip)
                        #expect(source.port == (flags & 2 == 0 ? asked : other).port)
                    }
                }
            }
        }
    }

    @Test("N04: RESPONSE-PORT brings the answer to another socket of the client; PADDING pads it")
    func responsePort() throws {
        try withServer(Self.options) { server in
            let (client, listener) = (try peer(), try peer())
            let port = UInt32(listener.address.port) << 16
            try client.send(binding { $0.add(.responsePort, port) }, to: server.address())
            let (reply, source) = try listener.receive()
            #expect(source == (try server.address()))
            let reader = try MessageReader(reply.span)
            let mapped = try #require(reader.locate(.xorMappedAddress).flatMap { reader.xorAddress(at: $0) })
            #expect(mapped == client.address)
            try client.send(
                binding { $0.add(.padding, [UInt8](repeating: 0, count: 2000)) }, to: server.address())
            #expect(try client.receive().bytes.count == 1500)
        }
    }

    @Test("C02: a Binding of RFC 3489 is answered in its own form")
    func classic() throws {
        try withServer(Self.options) { server in
            let client = try peer()
            var request = binding()
            request[4] ^= 1
            try client.send(request, to: server.address())
            let reply = try client.receive().bytes
            #expect(reply.count == 32)
            #expect(reply[4..<20] == request[4..<20])
        }
    }
}
