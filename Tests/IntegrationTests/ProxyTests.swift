import Addressing
import STUN
import TURNClient
import Testing

/// Clients behind a load balancer that speaks the PROXY protocol.
@Suite("Behind a proxy")
struct ProxyTests {
    private static let trusting = ServerProcess.Options(lines: ["proxy-protocol-from=127.0.0.2"])

    /// The header with which a proxy says that it speaks for a client.
    private static func header(_ client: String, port: UInt16 = 40_000, to server: String = "192.0.2.7") -> [UInt8] {
        Array("PROXY TCP4 \(client) \(server) \(port) 3478\r\n".utf8)
    }

    /// The same in version 2, with something behind the addresses.
    private static func binaryHeader(_ client: [UInt8], port: UInt16 = 40_000) -> [UInt8] {
        [13, 10, 13, 10, 0, 13, 10, 0x51, 0x55, 0x49, 0x54, 10, 0x21, 0x11, 0, 18] + client
            + [192, 0, 2, 7, UInt8(port >> 8), UInt8(port & 0xFF), 0x0D, 0x96, 0x04, 0, 3, 1, 2, 3]
    }

    private func proxy(of server: ServerProcess, at ip: String = "127.0.0.2") throws -> ClientConnection {
        try server.client(.tcp, from: anyPort(ip))
    }

    private func isClosed(_ client: ClientConnection) throws -> Bool {
        try client.waitForClose()
        return true
    }

    @Test("F14: the client is the one that the proxy names, in both versions")
    func namesTheClient() throws {
        try withServer(Self.trusting) { server in
            for header in [Self.header("203.0.113.5"), Self.binaryHeader([203, 0, 113, 5])] {
                let client = try proxy(of: server)
                try client.send(header)
                let response = try client.request(.binding)
                #expect(response.mappedAddress == TransportAddress("203.0.113.5:40000"))
            }
        }
    }

    @Test("F14: a header of which each byte is a segment, and one with a request behind it in the same segment")
    func cutAndJoined() throws {
        try withServer(Self.trusting) { server in
            for header in [Self.header("203.0.113.5"), Self.binaryHeader([203, 0, 113, 5])] {
                let slow = try proxy(of: server)
                for byte in header { try slow.send([byte]) }
                #expect(try slow.request(.binding).mappedAddress == TransportAddress("203.0.113.5:40000"))
                let quick = try proxy(of: server)
                let (request, id) = quick.bindingRequest()
                try quick.send(header + request)
                let answer = try quick.receiveMessage()
                #expect(try MessageReader(answer.span).transactionID == id)
            }
        }
    }

    @Test("F14: a client behind a proxy relays, and its REALM and NONCE are for the address that was named")
    func relays() throws {
        try withServer(Self.trusting, logging: "event=\"allocation created\" client=203.0.113.5:40000") { server in
            let client = try proxy(of: server)
            try client.send(Self.header("203.0.113.5"))
            let relay = try client.allocate()
            let peer = try peer()
            try client.permit(peer)
            try client.send([1, 2, 3], to: peer.address)
            #expect(try peer.receive() == ([1, 2, 3], relay))
        }
    }

    @Test("F14: a proxy that asks for itself, LOCAL or UNKNOWN, is itself")
    func local() throws {
        try withServer(Self.trusting) { server in
            let local: [UInt8] = [13, 10, 13, 10, 0, 13, 10, 0x51, 0x55, 0x49, 0x54, 10, 0x20, 0, 0, 0]
            for header in [Array("PROXY UNKNOWN\r\n".utf8), local] {
                let client = try proxy(of: server)
                try client.send(header)
                #expect(try client.request(.binding).mappedAddress == client.localAddress)
            }
        }
    }

    @Test("F14: nothing is guessed: a proxy must send the header, and nobody else may")
    func neverGuessed() throws {
        try withServer(Self.trusting, logging: "reason=\"no valid PROXY header\"") { server in
            let silent = try proxy(of: server)
            try silent.send(silent.bindingRequest().0)
            #expect(try isClosed(silent))
            for header in [Self.header("203.0.113.5"), Self.binaryHeader([203, 0, 113, 5])] {
                let stranger = try server.client(.tcp)
                try stranger.send(header)
                #expect(try isClosed(stranger))
            }
            let honest = try server.client(.tcp)
            #expect(try honest.request(.binding).mappedAddress == honest.localAddress)
        }
    }

    @Test("F14: a second header behind the first ends the connection")
    func onlyOnce() throws {
        try withServer(Self.trusting) { server in
            let client = try proxy(of: server)
            try client.send(Self.header("203.0.113.5") + Self.header("203.0.113.6"))
            #expect(try isClosed(client))
        }
    }

    @Test(
        "F14, F15: of two connections with the same ends the older one goes, and its allocation does not change hands")
    func sameEnds() throws {
        // One worker, so that both come to the same.
        var options = Self.trusting
        options.lines.append("relay-threads=1")
        try withServer(options) { server in
            let older = try proxy(of: server)
            try older.send(Self.header("203.0.113.5"))
            let relay = try older.allocate()
            let peer = try peer()
            try older.permit(peer)
            let newer = try proxy(of: server)
            try newer.send(Self.header("203.0.113.5"))
            // Not a refresh of what the other one made.
            #expect(try newer.request(.refresh()).errorCode == 437)
            #expect(try isClosed(older))
            try newer.send([9], to: peer.address)
            _ = try newer.allocate()
            try newer.permit(peer)
            try newer.send([7], to: peer.address)
            let (bytes, source) = try peer.receive()
            #expect(bytes == [7])
            #expect(source != relay)
        }
    }

    @Test("F14: on tcp-proxy-port everybody must send the header, and only those who may")
    func ownPort() throws {
        let port = try PortBlock.free().listening
        let lines = ["tcp-proxy-port=\(port)", "proxy-protocol-from=127.0.0.2"]
        try withServer(.init(lines: lines), logging: "reason=\"not a trusted proxy\"") { server in
            let address = try TransportAddress(#require(IPAddress("127.0.0.1")), port: port)
            let client = try ClientConnection(.tcp, to: address, from: anyPort("127.0.0.2"))
            try client.send(Self.header("203.0.113.5"))
            #expect(try client.request(.binding).mappedAddress == TransportAddress("203.0.113.5:40000"))
            #expect(try isClosed(ClientConnection(.tcp, to: address)))
        }
        try withServer(.init(lines: ["tcp-proxy-port=\(port)"])) { server in
            let address = try TransportAddress(#require(IPAddress("127.0.0.1")), port: port)
            let client = try ClientConnection(.tcp, to: address)
            try client.send(Self.binaryHeader([203, 0, 113, 9], port: 1))
            #expect(try client.request(.binding).mappedAddress == TransportAddress("203.0.113.9:1"))
            let silent = try ClientConnection(.tcp, to: address)
            try silent.send(silent.bindingRequest().0)
            #expect(try isClosed(silent))
        }
    }
}
