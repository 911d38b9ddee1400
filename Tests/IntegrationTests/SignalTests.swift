import Foundation
import TURNClient
import Testing

@Suite("Signals")
struct SignalTests {
    @Test("SIGHUP leaves allocations and channels as they are", arguments: ClientTransport.allCases)
    func hangUp(transport: ClientTransport) throws {
        try withServer { server in
            let client = try server.client(transport)
            let relay = try client.allocate()
            let peer = try peer()
            try client.bind(.first, to: peer)
            for round in 0..<5 as Range<UInt8> {
                server.signal(SIGHUP)
                try client.send([round], through: .first)
                #expect(try peer.receive() == ([round], relay))
                #expect(try client.request(.refresh()).isSuccess)
            }
        }
    }

    @Test("SIGTERM ends the server with status 0 and closes its streams")
    func terminate() throws {
        let server = try ServerProcess(ServerProcess.Options())
        let (udp, tcp) = (try server.client(), try server.client(.tcp))
        _ = try udp.allocate()
        _ = try tcp.allocate()
        #expect(server.stop() == 0)
        try tcp.waitForClose()
    }
}
