import Addressing
import STUN
import TURNClient
import Testing

@Suite("ALTERNATE-SERVER over sockets")
struct RedirectionTests {
    @Test("E01, E02: clients are sent to a server that answers, and served here when none does")
    func liveServers() throws {
        try withServer { target in
            let lines = ["alternate-server=127.0.0.1:\(target.ports.listening)", "relay-threads=2"]
            try withServer(.init(lines: lines)) { server in
                // A round of questions and more.
                let end = ContinuousClock.now + .seconds(4)
                repeat {
                    let response = try server.client().request(.allocate())
                    #expect(response.errorCode == 300)
                    #expect(response.isAuthentic)
                } while ContinuousClock.now < end
            }
        }
        try withServer(.init(lines: ["alternate-server=127.0.0.1:9"])) { server in
            let end = ContinuousClock.now + .seconds(8)
            var error = try server.client().request(.allocate()).errorCode
            while error != nil, ContinuousClock.now < end {
                error = try server.client().request(.allocate()).errorCode
            }
            #expect(error == nil)
        }
    }

    /// 127.0.0.2 stands for the anycast address.
    @Test("R01: whoever comes to an anycast address is sent on to the address of one machine, and served there")
    func anycast() throws {
        let nonces = "stateless-nonce-secret=a-secret-of-the-fleet"
        try withServer(.init(lines: [nonces])) { target in
            var options = ServerProcess.Options(listening: ["127.0.0.2"], relay: ["127.0.0.2"])
            options.lines = ["alternate-server=127.0.0.1:\(target.ports.listening)", nonces]
            try withServer(options) { server in
                let response = try server.client(to: "127.0.0.2").request(.allocate())
                #expect(response.errorCode == 300)
                #expect(response.isAuthentic)
                let unicast = try target.address()
                // Family and port, and the address (RFC 8489 §14.1).
                let value = [0, 1, UInt8(unicast.port >> 8), UInt8(unicast.port & 0xFF), 127, 0, 0, 1]
                let message = try MessageReader(response.message.span)
                #expect(message.value(of: .alternateServer)?.copied() == value)
                _ = try target.client().allocate()
            }
        }
    }
}
