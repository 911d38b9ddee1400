import Addressing
import STUN
import TURN
import Tables
import Timing
import Transport

// TCP clients come, send frames, and go.

extension Worker {
    /// Connections accepted in one turn from one listener.
    private static var acceptsPerTurn: Int { 64 }

    mutating func acceptClients(_ index: UInt32) {
        guard Int(index) < listeners.streams.count else { return }
        let listener = listeners.streams[Int(index)].socket
        for _ in 0..<Self.acceptsPerTurn {
            switch listener.accept(reserve: &reserve) {
            case .accepted(let socket, let client): open(socket, client)
            case .shed: counters.shed += 1
            case .nothing: return
            case .failed: return pauseAccepting()
            }
        }
    }

    /// Leaves those who wait to the kernel until the next sweep. The listeners stay ready all the while, and the loop would
    /// turn for nothing.
    mutating func pauseAccepting() {
        guard !pausesAccepting else { return }
        pausesAccepting = true
        watchStreamListeners([])
    }

    mutating func resumeAccepting() {
        pausesAccepting = false
        reserve.refill()
        watchStreamListeners(.read)
    }

    private mutating func watchStreamListeners(_ interest: Epoll.Interest) {
        for (index, listener) in listeners.streams.enumerated() {
            let token = WorkerToken.streamListener.token(index: UInt32(index))
            // Modifying what is watched already needs no memory and no descriptor.
            try? host.epoll.modify(listener.socket.descriptor, interest, token: token)
        }
        host.watchListeners(interest)
    }

    private mutating func open(_ socket: TCPSocket, _ client: TransportAddress) {
        let fiveTuple: FiveTuple
        do throws(SystemError) {
            try socket.setNoDelay()
            fiveTuple = FiveTuple(client: client, server: try socket.localAddress(), transport: .tcp)
        } catch {
            // The client is gone already.
            socket.close()
            counters.shed += 1
            return
        }
        // From here on the table owns the socket, and alone closes it.
        let index = connections.insert(Connection(socket: socket, fiveTuple: fiveTuple, lastHeard: now.instant))
        do throws(SystemError) {
            try host.epoll.add(socket.descriptor, .read, token: connections.token(of: index))
        } catch {
            // There is no memory to watch it.
            connections.remove(index)
            counters.shed += 1
            return
        }
        connections[index].timer = connections.timers.schedule(
            at: now.instant.adding(seconds: settings.firstMessageSeconds), payload: UInt64(index))
        counters.accepted += 1
    }

    mutating func serveConnection(_ event: Epoll.Event) {
        guard let index = connections.index(for: event.token) else { return }
        if event.isWritable, !flush(index) { return closeConnection(index) }
        if event.isReadable, !read(index) { leave(index) }
    }

    // MARK: - Frames

    /// Reads once and serves every whole frame; false when the connection must be closed, or leaves.
    private mutating func read(_ index: UInt32) -> Bool {
        switch connections[index].kind {
        case .tls: return readRecords(index)
        // It may be a handshake that begins, and the loop will be told again in its next turn.
        case .undecided where handshakeSteps == 0: return true
        case .undecided, .plain, .foreign: break
        }
        makeRoom()
        let buffer = receives.count
        switch connections.read(index, into: &receives) {
        case .nothing: return true
        case .end, .failed: return false
        case .bytes: return serveBytes(in: buffer, of: index)
        }
    }

    /// The first byte of a connection decides how it is understood from then on.
    private mutating func serveBytes(in buffer: Int, of index: UInt32) -> Bool {
        if connections[index].kind == .undecided {
            let kind = StreamKind(firstByte: receives.bytes(buffer)[0])
            if kind == .tls { return beginTLS(index, with: buffer) }
            guard kind == .plain, settings.servesPlainTCP else { return false }
            connections[index].kind = .plain
        }
        return serveFrames(in: buffer, of: index)
    }

    mutating func serveFrames(in buffer: Int, of index: UInt32) -> Bool {
        let path = connections.path(to: index)
        let end = receives.byteCount(buffer)
        var start = 0
        while start < end {
            switch StreamFrame(receives.bytes(buffer, start..<end)) {
            case .invalid:
                return false
            case .incomplete(let total):
                return keep(buffer, start..<end, total: total, of: index)
            case .complete(let content, let total):
                guard admitsFrame(total, from: index) else { return false }
                connections[index].lastHeard = now.instant
                connections[index].hasSpoken = true
                guard serveFrame(buffer, start..<start + content, total: total, of: index) else { return false }
                // The reply may have found the connection broken.
                guard connections.index(for: path) != nil else { return true }
                start += total
            }
        }
        return true
    }

    /// Keeps the beginning of a frame until the rest comes; false when the frame will be too long.
    private mutating func keep(_ buffer: Int, _ range: Range<Int>, total: Int?, of index: UInt32) -> Bool {
        guard admitsFrame(total ?? 0, from: index) else { return false }
        let share = engine.hasAllocation(connections[index].fiveTuple) ? StreamBuffers.Share.all : .strangers
        return connections.keep(buffer, range, of: receives, for: index, share: share)
    }

    /// Whether a frame may have so many bytes: strangers get room for a request with credentials, clients with an
    /// allocation for any datagram. Only for a long frame is the allocation looked up.
    private func admitsFrame(_ total: Int, from index: UInt32) -> Bool {
        total <= settings.longestFirstMessage
            || total <= receives.payloadCapacity && engine.hasAllocation(connections[index].fiveTuple)
    }

    private mutating func serveFrame(_ buffer: Int, _ range: Range<Int>, total: Int, of index: UInt32) -> Bool {
        let client = Client(fiveTuple: connections[index].fiveTuple, path: connections.path(to: index))
        let action = engine.receive(buffer, range, of: receives, from: client, now: now, host: &host)
        switch action {
        case .none, .replyElsewhere: break
        case .close: return false
        case .relay(let payload): sendToPeer(payload, from: buffer, at: range.lowerBound)
        case .reply: writeReply(engine.reply, to: index)
        case .join(let peer):
            let rest = range.lowerBound + total..<receives.byteCount(buffer)
            return depart(to: peer, buffer, rest, of: index)
        case .handOver(let worker):
            return depart(to: worker, buffer, range.lowerBound..<receives.byteCount(buffer))
        }
        return true
    }

    // MARK: - Endings

    mutating func closeConnection(_ index: UInt32) {
        let client = Client(fiveTuple: connections[index].fiveTuple, path: connections.path(to: index))
        connections.remove(index)
        engine.disconnect(client, now: now.instant, host: &host)
    }

    mutating func closeConnections() {
        for index in connections.liveIndices { closeConnection(index) }
    }

    /// Closes connections that never spoke, or have been silent for too long without an allocation.
    mutating func expireConnections(limit: Int) {
        for _ in 0..<limit {
            guard let payload = connections.timers.popExpired(now: now.instant) else { return }
            let index = UInt32(truncatingIfNeeded: payload)
            connections[index].timer = .max
            let connection = connections[index]
            let isServed = engine.hasAllocation(connection.fiveTuple)
            let next = (isServed ? now.instant : connection.lastHeard).adding(seconds: settings.idleConnectionSeconds)
            guard isServed || connection.hasSpoken && now.instant < next else {
                closeConnection(index)
                continue
            }
            connections[index].timer = connections.timers.schedule(at: next, payload: UInt64(index))
        }
    }
}
