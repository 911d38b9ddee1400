import Addressing
import Testing
import Transport

@Suite("Errors that come back to a socket")
struct SocketErrorTests {
    private static let reporting: UDPSocket.Options = {
        var options = UDPSocket.Options()
        options.reportsErrors = true
        return options
    }()

    /// An address where nobody listens: a socket's that has just been closed.
    private func closedPort(at ip: String) throws -> TransportAddress {
        let socket = try UDPSocket(boundTo: TransportAddress(try #require(IPAddress(ip)), port: 0))
        defer { socket.close() }
        return try socket.localAddress()
    }

    /// Waits until something has come back.
    private func waitForError(on socket: UDPSocket) throws {
        var epoll = try Epoll()
        try epoll.add(socket.descriptor, .read, token: EventToken(kind: 1))
        try #require(try epoll.wait(timeoutMilliseconds: 5000) == 1)
        #expect(epoll.event(0).hasFailed)
    }

    @Test("L01: where the datagram went, type and code", arguments: [("127.0.0.1", 3, 3), ("::1", 1, 4)])
    func tells(ip: String, type: Int, code: Int) throws {
        let loopback = Loopback()
        let (socket, _) = try loopback.open(ip, options: Self.reporting)
        let closed = try closedPort(at: ip)
        loopback.send([1], from: socket, to: closed)
        try waitForError(on: socket)
        let error = try #require(socket.nextICMPError())
        #expect(error.destination == closed)
        #expect((Int(error.type), Int(error.code)) == (type, code))
        #expect(socket.nextICMPError() == nil)
        #expect(try loopback.drain(socket) == 0)
    }

    @Test("L01: a socket that was not asked to keeps no errors", arguments: ["127.0.0.1", "::1"])
    func off(ip: String) throws {
        let loopback = Loopback()
        let (quiet, quietAddress) = try loopback.open(ip)
        loopback.send([1], from: quiet, to: try closedPort(at: ip))
        loopback.send([2], from: quiet, to: quietAddress)
        try loopback.receive(1, on: quiet)
        #expect(quiet.nextICMPError() == nil)
    }

    @Test("L03: what came back for one datagram costs no other, alone or in a train", arguments: ["127.0.0.1", "::1"])
    func costsNoOther(ip: String) throws {
        let loopback = Loopback()
        loopback.sends = SendBatch(capacity: 64, asksTwice: true)
        let (socket, _) = try loopback.open(ip, options: Self.reporting)
        let (peer, peerAddress) = try loopback.open(ip)
        let closed = try closedPort(at: ip)
        for turn in UInt8(0)..<3 {
            for destination in [closed, peerAddress, peerAddress, closed, closed, peerAddress] {
                #expect(loopback.queue([turn], from: socket, to: destination))
            }
            loopback.flush()
            try loopback.receive(3, on: peer)
            try waitForError(on: socket)
        }
        #expect(loopback.counters.sent == 18)
        #expect(loopback.counters.refused == 0)
        #expect((0..<9).map { loopback.payload($0) } == [0, 0, 0, 1, 1, 1, 2, 2, 2].map { [$0] })
        while let error = socket.nextICMPError() { #expect(error.destination == closed) }
    }
}
