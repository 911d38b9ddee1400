import TURNClient
import Testing
import Transport

@Suite("TLS and DTLS over sockets")
struct SecurityTests {
    @Test("F10: a client and the server agree on stun.turn", arguments: [ClientTransport.tls, .dtls])
    func applicationProtocol(transport: ClientTransport) throws {
        try withServer { server in
            let client = try server.client(transport)
            #expect(client.applicationProtocol == "stun.turn")
        }
    }

    @Test("A client does not talk to a server that nobody vouches for", arguments: [ClientTransport.tls, .dtls])
    func unknownServer(transport: ClientTransport) throws {
        try withServer { server in
            let address = try server.address()
            do throws(ClientError) {
                _ = try ClientConnection(transport, to: address)
                Issue.record("believed a stranger")
            } catch {
                #expect("\(error)".contains("certificate verify failed"))
            }
            var settings = TLSClientSettings()
            settings.verifiesServer = false
            let trusting = try ClientConnection(transport, to: address, trust: ServerTrust(settings))
            #expect(try trusting.request(.binding).isSuccess)
        }
    }

    @Test("F07: the end of a session frees its allocation", arguments: [ClientTransport.tls, .dtls])
    func endOfSession(transport: ClientTransport) throws {
        var options = ServerProcess.Options()
        options.lines = ["user-quota=1"]
        try withServer(options) { server in
            // With a quota of one, each finds room only if the one before it is gone.
            for _ in 0..<5 {
                let client = try server.client(transport)
                let deadline = ContinuousClock.now + .seconds(5)
                while try client.request(.allocate()).errorCode == 486 {
                    guard ContinuousClock.now < deadline else {
                        Issue.record("the former allocation is still there")
                        return
                    }
                }
            }
        }
    }
}
