import Addressing
import TURNClient
import Testing

@Suite("Listeners")
struct ListenerTests {
    @Test(
        "An aux-server is one more place to be heard at, over UDP and TCP",
        arguments: [ClientTransport.udp, .tcp])
    func auxiliary(transport: ClientTransport) throws {
        let port = try PortBlock.free().listening
        try withServer(.init(lines: ["aux-server=127.0.0.3:\(port)", "aux-server=[::1]:\(port)"])) { server in
            for ip in ["127.0.0.3", "::1"] {
                let address = try TransportAddress(#require(IPAddress(ip)), port: port)
                let client = try ClientConnection(transport, to: address, credentials: ServerProcess.credentials)
                let relay = try client.allocate()
                let peer = try peer()
                try client.permit(peer)
                try client.send([1], to: peer.address)
                #expect(try peer.receive() == ([1], relay))
            }
            // The usual place is still there.
            _ = try server.client(transport).allocate()
        }
    }

    @Test(
        "A listening-device is where clients come from, and peers do not have to", arguments: ClientTransport.allCases)
    func device(transport: ClientTransport) throws {
        try withServer(.init(lines: ["listening-device=lo"])) { server in
            let client = try server.client(transport)
            let relay = try client.allocate()
            let peer = try peer()
            try client.permit(peer)
            try client.send([1], to: peer.address)
            #expect(try peer.receive() == ([1], relay))
        }
    }
}
