import Addressing
import STUN
import Timing
import Transport

/// Clients over TCP and TLS: a connection each. Towards the loopback each also has a source address of its own, so that ports do
/// not run out while connections come and go.
struct StreamLinks: ClientLinks, ~Copyable {
    struct Link {
        var socket = TCPSocket.none
        /// The session on it, over TLS.
        var session: TLSSession?
        /// Tells events of this connection from those of the slot's earlier ones.
        var generation: UInt32 = 0
        var isConnected = false
        /// Whether it is in the list of those to be flushed.
        var isDirty = false
        /// Whether the kernel took no more.
        var isBlocked = false
        var inbound = StreamQueue()
        var outbound = StreamQueue()

        /// Whether messages can be sent.
        var isOpen: Bool { isConnected && session?.isEstablished != false }
    }

    private let server: TransportAddress
    private var pool: SourcePool?
    private var dirty: [Int] = []
    private(set) var refusals: UInt64 = 0
    let security: LinkSecurity?
    var links: [Link]
    var buffers = StreamBuffers()
    var receives = ReceiveBatch(capacity: 64)
    var news: [LinkNews] = []
    var firstFailure: TLSError?

    /// What may wait for a slow server, for each connection.
    static var backlogLimit: Int { 1 << 18 }

    /// Links for so many clients, none of them open.
    init(to server: TargetServer, slots: Int, security: LinkSecurity?) {
        self.server = server.address
        self.security = security
        links = Array(repeating: Link(), count: slots)
        if server.takesManySources { pool = SourcePool(slots: slots) }
    }

    deinit {
        for link in links where link.socket != .none { link.socket.close() }
    }

    // MARK: - Opening and closing

    mutating func open(_ slot: Int, in epoll: borrowing Epoll) throws(SystemError) {
        close(slot)
        pool?.renew(slot)
        let local = pool.map { TransportAddress($0.source(of: slot), port: 0) }
        let socket = try TCPSocket(connectingTo: server, from: local)
        links[slot].socket = socket
        try epoll.add(socket.descriptor, .write, token: token(slot))
    }

    private mutating func close(_ slot: Int) {
        endSession(of: slot)
        if links[slot].socket != .none { links[slot].socket.close() }
        buffers.removeAll(from: &links[slot].inbound)
        buffers.removeAll(from: &links[slot].outbound)
        links[slot].socket = .none
        links[slot].isConnected = false
        links[slot].isBlocked = false
        links[slot].generation &+= 1
    }

    mutating func fail(_ slot: Int) {
        close(slot)
        news.append(.closed(slot: slot))
    }

    private func token(_ slot: Int) -> EventToken {
        LinkToken.client.token(slot, generation: links[slot].generation)
    }

    // MARK: - Sending

    mutating func send(_ message: Span<UInt8>, for slot: Int) {
        guard links[slot].isOpen, enqueue(message, for: slot) else {
            refusals += 1
            return
        }
        markDirty(slot)
    }

    private mutating func enqueue(_ message: Span<UInt8>, for slot: Int) -> Bool {
        guard let session = links[slot].session else {
            return buffers.append(message, to: &links[slot].outbound, limit: Self.backlogLimit)
        }
        return encrypt(message, with: session, for: slot)
    }

    /// Has what waits for the server sent with the next flush.
    mutating func markDirty(_ slot: Int) {
        guard !links[slot].isDirty, !links[slot].isBlocked else { return }
        links[slot].isDirty = true
        dirty.append(slot)
    }

    mutating func flush(in epoll: borrowing Epoll) throws(SystemError) {
        for slot in dirty {
            links[slot].isDirty = false
            try flush(slot, in: epoll)
        }
        dirty.removeAll(keepingCapacity: true)
    }

    private mutating func flush(_ slot: Int, in epoll: borrowing Epoll) throws(SystemError) {
        guard links[slot].isConnected else { return }
        let wasBlocked = links[slot].isBlocked
        switch buffers.flush(&links[slot].outbound, to: links[slot].socket) {
        case .empty: links[slot].isBlocked = false
        case .blocked: links[slot].isBlocked = true
        case .failed: return fail(slot)
        }
        guard links[slot].isBlocked != wasBlocked else { return }
        let interest: Epoll.Interest = links[slot].isBlocked ? [.read, .write] : .read
        try epoll.modify(links[slot].socket.descriptor, interest, token: token(slot))
    }

    // MARK: - Receiving

    mutating func serve(_ event: Epoll.Event, in epoll: borrowing Epoll) throws(SystemError) {
        let slot = Int(event.token.index)
        guard links.indices.contains(slot), event.token.isCurrent(links[slot].generation) else { return }
        guard links[slot].isConnected else { return try connected(slot, in: epoll) }
        if event.isWritable, links[slot].isBlocked { try flush(slot, in: epoll) }
        if event.isReadable, links[slot].isConnected { read(slot) }
    }

    private mutating func connected(_ slot: Int, in epoll: borrowing Epoll) throws(SystemError) {
        guard links[slot].socket.pendingError() == nil else { return fail(slot) }
        links[slot].isConnected = true
        try links[slot].socket.setNoDelay()
        try epoll.modify(links[slot].socket.descriptor, .read, token: token(slot))
        guard let security else { return news.append(.opened(slot: slot)) }
        beginSession(of: slot, security)
    }

    private mutating func read(_ slot: Int) {
        if let security, let session = links[slot].session { return readRecords(of: slot, session, security) }
        // Without a free buffer the bytes wait for the next turn.
        guard receives.freeCount > 0 else { return }
        let buffer = receives.count
        switch receives.read(from: links[slot].socket, after: &links[slot].inbound, in: &buffers) {
        case .nothing: break
        case .end, .failed: fail(slot)
        case .bytes: takeFrames(of: slot, in: buffer)
        }
    }

    mutating func takeFrames(of slot: Int, in buffer: Int) {
        let end = receives.byteCount(buffer)
        var start = 0
        while start < end {
            switch StreamFrame(receives.bytes(buffer, start..<end)) {
            case .invalid:
                return fail(slot)
            case .incomplete:
                let isKept = Self.keep(
                    start..<end, of: buffer, receives, in: &links[slot].inbound, &buffers)
                return isKept ? () : fail(slot)
            case .complete(let content, let total):
                news.append(
                    .message(LinkNews.Message(slot: slot, buffer: buffer, range: start..<start + content)))
                start += total
            }
        }
    }

    /// Keeps the beginning of a frame until the rest comes; false when there is no memory for it.
    private static func keep(
        _ range: Range<Int>, of buffer: Int, _ receives: borrowing ReceiveBatch, in queue: inout StreamQueue,
        _ buffers: inout StreamBuffers
    ) -> Bool {
        buffers.append(receives.bytes(buffer, range), to: &queue, limit: receives.payloadCapacity - 1)
    }

    @_lifetime(borrow self)
    func bytes(_ message: LinkNews.Message) -> Span<UInt8> { receives.bytes(message.buffer, message.range) }

    /// Lost segments are the kernel's to send again.
    mutating func keepUp(at now: Instant) {}

    mutating func reset() {
        receives.reset()
        news.removeAll(keepingCapacity: true)
    }
}
