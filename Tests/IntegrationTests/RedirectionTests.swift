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
}
