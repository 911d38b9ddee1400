import Addressing
import Timing
import Transport

/// Clients over UDP and DTLS. Towards the loopback all of them share one socket and differ in their source address; elsewhere
/// each has a socket of its own.
struct DatagramLinks: ClientLinks, ~Copyable {
    private let server: SocketAddress
    private let family: IPAddress.Family
    private var pool: SourcePool?
    private var sockets: [UDPSocket]
    private var isWatched = false
    private var sends: SendBatch
    let security: LinkSecurity?
    /// The session of each client, over DTLS.
    var sessions: [TLSSession?] = []
    /// The handshakes under way, and when they are given up.
    var handshakes: [Handshake] = []
    var receives: ReceiveBatch
    var news: [LinkNews] = []
    var firstFailure: TLSError?
    /// Messages that no session could send.
    var unsentCount: UInt64 = 0

    /// Links for so many clients, none of them open.
    init(
        to server: TargetServer, slots: Int, longestMessage: Int, security: LinkSecurity?
    ) throws(SystemError) {
        self.security = security
        if security != nil { sessions = Array(repeating: nil, count: slots) }
        let takesManySources = server.takesManySources
        sockets = takesManySources ? [try Self.socket(server.address.family)] : Array(repeating: .none, count: slots)
        pool = takesManySources ? SourcePool(slots: slots) : nil
        self.server = SocketAddress(server.address)
        family = server.address.family
        receives = ReceiveBatch(capacity: 256, payloadCapacity: max(2048, longestMessage))
        sends = SendBatch(capacity: 256, copyCapacity: 256 * max(1024, longestMessage))
    }

    deinit {
        for socket in sockets where socket != .none { socket.close() }
    }

    private static func socket(_ family: IPAddress.Family) throws(SystemError) -> UDPSocket {
        var options = UDPSocket.Options()
        options.reportsLocalAddress = true
        options.receiveBufferBytes = 8 << 20
        options.sendBufferBytes = 8 << 20
        return try UDPSocket(boundTo: TransportAddress(.any(family), port: 0), options: options)
    }

    mutating func open(_ slot: Int, in epoll: borrowing Epoll) throws(SystemError) {
        if let security { endSession(of: slot, security) }
        try open5Tuple(slot, in: epoll)
        guard let security else { return news.append(.opened(slot: slot)) }
        beginSession(of: slot, security)
    }

    private mutating func open5Tuple(_ slot: Int, in epoll: borrowing Epoll) throws(SystemError) {
        if pool != nil {
            if !isWatched { try epoll.add(sockets[0].descriptor, .read, token: LinkToken.client.token()) }
            isWatched = true
            pool?.renew(slot)
        } else {
            if sockets[slot] != .none { sockets[slot].close() }
            sockets[slot] = try Self.socket(family)
            try epoll.add(sockets[slot].descriptor, .read, token: LinkToken.client.token(slot))
        }
    }

    mutating func send(_ message: Span<UInt8>, for slot: Int) {
        guard let security else { return sendDatagram(message, for: slot) }
        encrypt(message, for: slot, security)
    }

    /// Sends bytes as they are.
    mutating func sendDatagram(_ message: Span<UInt8>, for slot: Int) {
        let source = pool?.source(of: slot)
        let socket = sockets[pool == nil ? slot : 0]
        if sends.append(copying: message, to: server, on: socket, from: source) { return }
        sends.flush(from: receives)
        _ = sends.append(copying: message, to: server, on: socket, from: source)
    }

    mutating func flush(in epoll: borrowing Epoll) throws(SystemError) { sends.flush(from: receives) }

    mutating func serve(_ event: Epoll.Event, in epoll: borrowing Epoll) throws(SystemError) {
        let index = Int(event.token.index)
        guard sockets.indices.contains(index) else { return }
        let first = receives.count
        let count: Int
        do throws(SystemError) {
            // What is decrypted needs a buffer too.
            let limit = security == nil ? receives.freeCount : receives.freeCount / 2
            count = try receives.receive(from: sockets[index], limit: limit)
        } catch {
            // What an ICMP message said of an earlier packet; the request will time out.
            return
        }
        for buffer in first..<first + count {
            let slot = pool == nil ? index : receives.localAddress(buffer).flatMap { pool?.slot(of: $0) }
            guard let slot, !receives.isTruncated(buffer) else { continue }
            guard let security else {
                noteMessage(in: buffer, for: slot)
                continue
            }
            security.wire.load(receives.bytes(buffer))
            decrypt(slot, security)
        }
    }

    mutating func noteMessage(in buffer: Int, for slot: Int) {
        news.append(.message(LinkNews.Message(slot: slot, buffer: buffer, range: 0..<receives.byteCount(buffer))))
    }

    @_lifetime(borrow self)
    func bytes(_ message: LinkNews.Message) -> Span<UInt8> { receives.bytes(message.buffer, message.range) }

    mutating func reset() {
        receives.reset()
        news.removeAll(keepingCapacity: true)
    }

    var refusals: UInt64 { unsentCount + sends.counters.droppedFull + sends.counters.refused }
}
