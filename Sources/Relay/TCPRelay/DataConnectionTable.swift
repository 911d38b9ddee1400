import TURN
import Tables
import Transport

/// The connections of a worker with peers, what waits in them, and the pipes it passes through.
struct DataConnectionTable: ~Copyable {
    var slab = Slab<DataConnection>(blank: DataConnection(peer: .none, stage: .pending))
    /// The TLS sessions of joined clients, at the indices of their connections.
    private var sessions: [TLSSession?] = []
    var buffers = StreamBuffers()
    var pipes = PipePool()
    /// What lies between the sessions and the sockets.
    let wire = TLSWire()
    /// Joined connections that wait until there is room for what they carry.
    var paced: [EventToken] = []
    /// Where bytes lie on their way into a session or out of it.
    var scratch = ReceiveBatch(capacity: 1)

    /// How many there are.
    var count: Int { slab.count }

    /// The connection at an index.
    subscript(index: UInt32) -> DataConnection {
        get { slab[index] }
        _modify { yield &slab[index] }
    }

    /// The session of a joined client that has one.
    func session(_ index: UInt32) -> TLSSession? { Int(index) < sessions.count ? sessions[Int(index)] : nil }

    /// The connection that an epoll event belongs to, unless it was closed since.
    func index(for token: EventToken) -> UInt32? {
        slab.isLive(token.index) && token.isCurrent(slab.generation(of: token.index)) ? token.index : nil
    }

    /// The connection behind a handle of the engine.
    func index(of handle: PeerHandle) -> UInt32 { UInt32(truncatingIfNeeded: handle.rawValue) }

    /// The token that epoll reports one of the two sockets by.
    func token(_ kind: WorkerToken, of index: UInt32) -> EventToken {
        kind.token(index: index, generation: slab.generation(of: index))
    }

    /// Adds a connection with a peer.
    mutating func insert(_ connection: DataConnection) -> PeerHandle {
        PeerHandle(rawValue: UInt64(slab.insert(connection)))
    }

    /// Joins a peer's connection with a client's; false when there is no memory for it. From here on the table owns the
    /// client's socket.
    mutating func join(_ index: UInt32, with client: DetachedConnection) -> Bool {
        slab[index].client = client.socket
        slab[index].stage = .joined
        slab[index].toPeer.hasSourceEnded = client.hasEnded
        slab[index].toPeer.uncounted = client.unread.count
        if let session = client.session {
            while sessions.count <= Int(index) { sessions.append(nil) }
            sessions[Int(index)] = session
            guard session.move(to: wire) else { return false }
        }
        return buffers.append(client.unsent.span, to: &slab[index].toClient.queue, limit: .max)
            && buffers.append(client.unread.span, to: &slab[index].toPeer.queue, limit: .max)
    }

    /// Takes a connection out and closes both sockets.
    mutating func remove(_ index: UInt32) {
        if let session = session(index) {
            session.close()
            queueRecords(of: index)
            _ = buffers.flush(&slab[index].toClient.queue, to: slab[index].client)
            sessions[Int(index)] = nil
        }
        for direction in RelayDirection.allCases {
            var flow = slab[index][direction]
            buffers.removeAll(from: &flow.queue)
            if flow.pipe != .none { pipes.give(flow.pipe, isEmpty: flow.pipeByteCount == 0) }
        }
        if slab[index].client != .none { slab[index].client.close() }
        slab[index].peer.close()
        slab.remove(index)
    }

    /// Queues what a session has put on the wire for its client; false when there is no memory for it.
    @discardableResult
    mutating func queueRecords(of index: UInt32) -> Bool {
        guard wire.outputByteCount > 0 else { return true }
        return wire.takeOutput { buffers.append($0, to: &slab[index].toClient.queue, limit: .max) }
    }
}
