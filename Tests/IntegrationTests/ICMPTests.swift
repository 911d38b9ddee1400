import Addressing
import STUN
import TURNClient
import Testing

@Suite("ICMP errors over sockets")
struct ICMPTests {
    @Test(
        "L01, L03: a peer's closed port is told to the client, and nothing else suffers",
        arguments: ClientTransport.allCases,
        [("127.0.0.1", [0, 0, 6, 3, 0, 0, 0, 0]), ("::1", [0, 0, 2, 4, 0, 0, 0, 0])])
    func closedPort(transport: ClientTransport, _ expected: (ip: String, icmp: [UInt8])) throws {
        try withServer(.init(lines: ["icmp"])) { server in
            let client = try server.client(transport)
            let family: IPAddress.Family = expected.ip == "::1" ? .ipv6 : .ipv4
            let relay = try client.allocate { $0.family = family }
            // A port that was free a moment ago, and one where somebody listens.
            let (closed, open) = (try peer(at: expected.ip).address, try peer(at: expected.ip))
            #expect(try client.request(.createPermission(for: closed)).isSuccess)
            try client.permit(open)
            try client.send([1], to: closed)

            let message = try client.receiveMessage()
            let reader = try MessageReader(message.span)
            #expect(reader.type == MessageType(.data, .indication))
            #expect(reader.value(of: .icmp)?.copied() == expected.icmp)
            let hasData = reader.contains(.data)
            #expect(!hasData)
            #expect(reader.locate(.xorPeerAddress).flatMap { reader.xorAddress(at: $0) } == closed)

            // The error must not take the place of what is sent next, nor end anything.
            for value in UInt8(1)...20 {
                try client.send([value], to: closed)
                try client.send([value], to: open.address)
                #expect(try open.receive() == ([value], relay))
            }
        }
    }
}
