import Addressing
import STUN
import TURNClient
import Testing

@Suite("Client connection")
struct ClientConnectionTests {
    private static let addresses = ["127.0.0.1:0", "127.0.0.5:0", "[::1]:0"].compactMap { TransportAddress($0) }

    @Test("Datagrams go to the server and come from it, from the address that was chosen", arguments: addresses)
    func datagrams(local: TransportAddress) throws {
        let server = try DatagramPeer(at: local)
        let client = try ClientConnection(.udp, to: server.address, from: local)
        try client.send([1, 2, 3])
        let (bytes, source) = try server.receive()
        #expect(bytes == [1, 2, 3])
        #expect(source == client.localAddress)
        #expect(source.ip == local.ip)

        // What comes from anywhere else is not the server's.
        let stranger = try DatagramPeer(at: local)
        try stranger.send([9], to: source)
        try server.send([4, 5], to: source)
        #expect(try client.receiveMessage() == [4, 5])
    }

    @Test("A wait ends at its deadline")
    func deadline() throws {
        let silent = try DatagramPeer(at: Self.addresses[0])
        let client = try ClientConnection(.udp, to: silent.address)
        #expect(throws: ClientError.timedOut) { try client.receiveMessage(withinMilliseconds: 20) }
        #expect(throws: ClientError.timedOut) { try client.request(.binding, withinMilliseconds: 20) }
        #expect(try silent.receive().bytes.count == 20)
    }

    @Test("A request is sent again until an answer comes")
    func retransmission() throws {
        let silent = try DatagramPeer(at: Self.addresses[0])
        let client = try ClientConnection(.udp, to: silent.address)
        client.session.retransmissionTimeoutMilliseconds = 5
        #expect(throws: ClientError.timedOut) { try client.request(.binding, withinMilliseconds: 60) }
        let first = try silent.receive()
        let second = try silent.receive()
        #expect(first == second)
    }

    @Test("Nobody listening on TCP is an error of its own")
    func refused() throws {
        let address = try DatagramPeer(at: Self.addresses[0]).address
        #expect(throws: ClientError.self) { try ClientConnection(.tcp, to: address) }
    }
}
