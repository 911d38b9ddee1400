import Addressing
import Transport

/// The peer of all sessions: one socket that sends to relayed addresses and hears from them.
struct PeerEndpoint: ~Copyable {
    /// Where the server finds it.
    let address: TransportAddress
    private let socket: UDPSocket
    private var receives: ReceiveBatch
    private var sends: SendBatch

    /// A peer at an address; port 0 takes any.
    init(at ip: IPAddress, port: UInt16 = 0, longestMessage: Int) throws(SystemError) {
        var options = UDPSocket.Options()
        options.receiveBufferBytes = 8 << 20
        options.sendBufferBytes = 8 << 20
        let socket = try UDPSocket(boundTo: TransportAddress(ip, port: port), options: options)
        address = try socket.localAddress()
        self.socket = socket
        receives = ReceiveBatch(capacity: 256, payloadCapacity: max(2048, longestMessage))
        sends = SendBatch(capacity: 256, copyCapacity: 256 * max(1024, longestMessage))
    }

    deinit { socket.close() }

    /// Watches the socket.
    func watch(in epoll: borrowing Epoll) throws(SystemError) {
        try epoll.add(socket.descriptor, .read, token: LinkToken.peer.token())
    }

    /// Sends a datagram to a relayed address.
    mutating func send(_ payload: Span<UInt8>, to relayed: SocketAddress) {
        if sends.append(copying: payload, to: relayed, on: socket) { return }
        flush()
        _ = sends.append(copying: payload, to: relayed, on: socket)
    }

    /// Lets go what was gathered by sending.
    mutating func flush() { sends.flush(from: receives) }

    /// Receives what has come; datagrams have the indices up to `count`.
    mutating func receive() -> Int {
        (try? receives.receive(from: socket)) ?? 0
    }

    /// A datagram that was received.
    @_lifetime(borrow self)
    func bytes(_ index: Int) -> Span<UInt8> { receives.bytes(index) }

    /// Forgets what was received.
    mutating func reset() { receives.reset() }

    /// How many datagrams this machine refused to send.
    var refusals: UInt64 { sends.counters.droppedFull + sends.counters.refused }

    /// Where a peer of this server is best put: another address of the loopback, or the one that packets to the server
    /// leave from.
    static func address(beside server: TargetServer) -> IPAddress {
        let ip = server.address.ip
        if ip.isLoopback { return ip.family == .ipv4 ? IPAddress(v4: 127 << 24 | 17 << 16 | 1) : ip }
        return InterfaceAddress.outgoing(ip.family) ?? .any(ip.family)
    }
}
