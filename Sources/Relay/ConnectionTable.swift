import Addressing
import TURN
import Tables
import Timing
import Transport

/// The TCP connections of a worker: their places, what waits in them, and the timer of each.
///
/// What the kernel does not take at once is queued up to a bound: a client that reads slowly loses its own media, and
/// delays nobody else's.
struct ConnectionTable: ~Copyable {
    /// What came of writing a frame.
    enum WriteOutcome {
        /// Sent, queued, or dropped because the client reads too slowly.
        case done
        /// Begun; the loop must wait for room to write the rest.
        case blocked
        /// The connection is of no more use.
        case broken
    }

    var slab = Slab<Connection>(blank: .none)
    var buffers: StreamBuffers
    var timers: TimerWheel
    /// The TLS sessions, at the indices of their connections.
    var sessions: [TLSSession?] = []
    /// What lies between the sessions and the sockets.
    let wire = TLSWire()
    /// Connections that have fresh records, to be sent at the end of the turn.
    var due: [ClientPath] = []
    /// Connections that have more frames than there was time for in a turn.
    var resting: [ClientPath] = []
    private var census: ConnectionCensus
    /// Frames not sent to clients that read too slowly.
    var backlogDrops: UInt64 = 0
    let backlogLimit: Int

    init(
        start: Instant, backlogLimit: Int, census: ConnectionCensus = ConnectionCensus(limit: 0, hasProxies: false),
        buffers: consuming StreamBuffers = StreamBuffers()
    ) {
        timers = TimerWheel(start: start)
        self.census = census
        self.buffers = buffers
        self.backlogLimit = backlogLimit
    }

    /// How many connections there are.
    var count: Int { slab.count }

    /// The connection at an index.
    subscript(index: UInt32) -> Connection {
        get { slab[index] }
        _modify { yield &slab[index] }
    }

    /// What tells the connection at an index from earlier ones at the same.
    func generation(of index: UInt32) -> UInt32 { slab.generation(of: index) }

    /// Whether there is a connection at an index.
    func isLive(_ index: UInt32) -> Bool { slab.isLive(index) }

    /// The indices of all connections.
    var liveIndices: [UInt32] { (0..<UInt32(slab.slotCount)).filter { slab.isLive($0) } }

    /// The token that epoll reports a connection by.
    func token(of index: UInt32) -> EventToken {
        WorkerToken.connection.token(index: index, generation: slab.generation(of: index))
    }

    /// The way back to the client of a connection.
    func path(to index: UInt32) -> ClientPath {
        ClientPath(connection: index, generation: slab.generation(of: index))
    }

    /// The connection that an epoll event belongs to, unless it was closed since.
    func index(for token: EventToken) -> UInt32? {
        slab.isLive(token.index) && token.isCurrent(slab.generation(of: token.index)) ? token.index : nil
    }

    /// The connection that a path leads to, unless it was closed since.
    func index(for path: ClientPath) -> UInt32? {
        slab.isLive(path.index) && path.means(slab.generation(of: path.index)) ? path.index : nil
    }

    /// Adds a connection.
    mutating func insert(_ connection: Connection) -> UInt32 { slab.insert(connection) }

    /// Counts a connection among those of its source.
    mutating func count(_ index: UInt32) -> ConnectionCensus.Admission {
        let admission = census.admit(index, slab[index].fiveTuple)
        slab[index].isCounted = admission != .refused
        return admission
    }

    /// Counts a connection no more among those of its source.
    mutating func forget(_ index: UInt32) {
        if slab[index].isCounted { census.remove(index, slab[index].fiveTuple) }
        slab[index].isCounted = false
    }

    /// Takes a connection out and closes it.
    mutating func remove(_ index: UInt32) {
        forget(index)
        if slab[index].timer != .max { timers.cancel(slab[index].timer) }
        if slab[index].kind == .tls { endSession(index) }
        buffers.removeAll(from: &slab[index].inbound)
        buffers.removeAll(from: &slab[index].outbound)
        slab[index].socket.close()
        slab.remove(index)
    }

    // MARK: - Reading

    /// Reads once, behind what an earlier read left over; the bytes are in the last buffer of `receives`.
    mutating func read(_ index: UInt32, into receives: inout ReceiveBatch) -> TCPSocket.ReadResult {
        receives.read(from: slab[index].socket, after: &slab[index].inbound, in: &buffers)
    }

    /// Keeps what cannot be served yet; false when there is no memory for it.
    mutating func keep(
        _ buffer: Int, _ range: Range<Int>, of receives: borrowing ReceiveBatch, for index: UInt32,
        share: StreamBuffers.Share
    ) -> Bool {
        buffers.append(receives.bytes(buffer, range), to: &slab[index].inbound, limit: .max, share: share)
    }

    /// Lets a connection rest until the next turn.
    mutating func rest(_ index: UInt32) {
        guard !slab[index].isResting else { return }
        slab[index].isResting = true
        resting.append(path(to: index))
    }

    /// Copies the frames of a connection that rests into a buffer, as many as it holds.
    func readRested(_ index: UInt32, into receives: inout ReceiveBatch) {
        receives.copy(slab[index].inbound, in: buffers)
    }

    /// Forgets the bytes of a connection that rested, now that they are served.
    mutating func removeServed(_ count: Int, of index: UInt32) {
        buffers.removeFirst(count, from: &slab[index].inbound)
    }

    // MARK: - Writing

    /// Sends the frames that a turn has gathered for a client, each of them whole or not at all.
    mutating func write(
        _ place: Int, of batch: inout StreamBatch, from receives: borrowing ReceiveBatch, to index: UInt32
    ) -> WriteOutcome {
        let generation = generation(of: index)
        var written = 0
        let wasEmpty = slab[index].outbound.isEmpty
        if wasEmpty {
            switch batch.write(place, generation: generation, to: slab[index].socket, from: receives) {
            case .failed: return .broken
            case .bytes(let count): written = count
            }
        }
        var isWhole = true
        batch.forEachRest(place, generation: generation, written: written, of: receives) { rest, hasBegun in
            isWhole = keep(rest, hasBegun: hasBegun, for: index) && isWhole
        }
        guard isWhole else { return .broken }
        return wasEmpty && !slab[index].outbound.isEmpty ? .blocked : .done
    }

    /// Queues media that the kernel did not take, or drops them; false when the stream is out of step.
    private mutating func keep(_ rest: Span<UInt8>, hasBegun: Bool, for index: UInt32) -> Bool {
        // A frame that has begun must be finished.
        guard hasBegun || hasRoom(for: rest.count, .media, to: index) else {
            backlogDrops += 1
            return true
        }
        return buffers.append(rest, to: &slab[index].outbound, limit: .max)
    }

    /// What a frame is to a client that reads slowly.
    enum FrameKind {
        /// Relayed data, which may be lost as UDP may.
        case media
        /// An answer. Over TCP nobody asks twice, so it has room of its own behind the media; a client that lets that
        /// fill up too is given up.
        case reply
    }

    /// Answers that may wait behind a full backlog, in bytes.
    private static var replyAllowance: Int { 65_536 }

    /// Whether a frame may join what waits for a client.
    func hasRoom(for byteCount: Int, _ kind: FrameKind, to index: UInt32) -> Bool {
        switch kind {
        case .media:
            buffers.hasRoom(for: byteCount, in: slab[index].outbound, limit: backlogLimit, share: .backlog)
        case .reply:
            buffers.hasRoom(
                for: byteCount, in: slab[index].outbound, limit: backlogLimit + Self.replyAllowance, share: .all)
        }
    }

    /// What becomes of a connection for whose frame there is no room.
    mutating func refuse(_ kind: FrameKind) -> WriteOutcome {
        guard kind == .media else { return .broken }
        backlogDrops += 1
        return .done
    }

    /// Sends one whole frame to a client, or none of it.
    mutating func write(_ frame: Span<UInt8>, _ kind: FrameKind, to index: UInt32) -> WriteOutcome {
        if slab[index].kind == .tls { return encrypt(frame, kind, to: index) }
        guard slab[index].outbound.isEmpty else {
            guard hasRoom(for: frame.count, kind, to: index) else { return refuse(kind) }
            return buffers.append(frame, to: &slab[index].outbound, limit: .max) ? .done : .broken
        }
        switch slab[index].socket.write(frame) {
        case .failed:
            return .broken
        case .bytes(let count) where count == frame.count:
            return .done
        case .bytes(let count):
            // A frame that has begun must be finished, or the stream is out of step.
            let rest = frame.extracting(count..<frame.count)
            return buffers.append(rest, to: &slab[index].outbound, limit: .max) ? .blocked : .broken
        }
    }

    /// Sends what waits for a client, now that there is room.
    mutating func flush(_ index: UInt32) -> StreamBuffers.FlushResult {
        buffers.flush(&slab[index].outbound, to: slab[index].socket)
    }
}
