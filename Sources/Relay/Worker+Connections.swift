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
        let listener = listeners.streams[Int(index)]
        for _ in 0..<Self.acceptsPerTurn {
            switch listener.socket.accept(reserve: &reserve) {
            case .accepted(let socket, let client): open(socket, client, at: listener)
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

    private mutating func open(_ socket: TCPSocket, _ client: TransportAddress, at listener: StreamListener) {
        guard let kind = firstKind(from: client.ip, at: listener) else {
            counters.proxyFailures += 1
            host.noteRefusal(of: client, .notAProxy)
            return socket.close()
        }
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
        let index = connections.insert(
            Connection(socket: socket, fiveTuple: fiveTuple, kind: kind, lastHeard: now.instant))
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
        welcome(index)
        // The ends of a client behind a proxy are not known yet.
        if kind != .proxied, !admit(index) { closeConnection(index) }
    }

    mutating func serveConnection(_ event: Epoll.Event) {
        guard let index = connections.index(for: event.token) else { return }
        if event.isWritable, !flush(index) { return closeConnection(index) }
        if event.isReadable, !read(index) { leave(index) }
    }

    // MARK: - Frames

    /// Frames of one connection that are served in one turn. Tiny ones come by the thousands in one segment, and each may
    /// cost a datagram; others are not to wait for all of them.
    private static var framesPerTurn: Int { 64 }

    /// Reads once and serves what came; false when the connection must be closed, or leaves.
    private mutating func read(_ index: UInt32) -> Bool {
        // What it sent before comes first; the loop will be told again.
        if connections[index].isResting { return true }
        switch connections[index].kind {
        case .tls: return readRecords(index)
        // It may be a handshake that begins, and the loop will be told again in its next turn.
        case .undecided where handshakeSteps == 0, .proxied where handshakeSteps == 0: return true
        case .proxied, .undecided, .plain, .foreign: break
        }
        makeRoom()
        let buffer = receives.count
        switch connections.read(index, into: &receives) {
        case .nothing: return true
        case .end, .failed: return false
        case .bytes where connections[index].kind == .proxied: return serveProxyHeader(in: buffer, of: index)
        case .bytes: return serveBytes(in: buffer, from: 0, of: index)
        }
    }

    /// The first byte of a connection decides how it is understood from then on.
    mutating func serveBytes(in buffer: Int, from start: Int, of index: UInt32) -> Bool {
        if connections[index].kind == .undecided {
            let kind = StreamKind(firstByte: receives.bytes(buffer)[start])
            if kind == .tls { return beginTLS(index, with: buffer, from: start) }
            guard kind == .plain, settings.servesPlainTCP else { return false }
            connections[index].kind = .plain
        }
        return serveOrKeepFrames(in: buffer, from: start, of: index)
    }

    /// Serves the frames in a buffer, and keeps what is left for later; false when the connection must be closed.
    mutating func serveOrKeepFrames(in buffer: Int, from start: Int, of index: UInt32) -> Bool {
        let path = connections.path(to: index)
        let end = receives.byteCount(buffer)
        guard let served = connections[index].isResting ? start : serveFrames(in: buffer, from: start, of: index) else {
            return false
        }
        // A reply may have found the connection broken.
        guard connections.index(for: path) != nil else { return true }
        return served == end || keep(buffer, served..<end, of: index)
    }

    /// Serves the whole frames in a buffer, as many as there is time for: a connection that has more is to rest. Returns
    /// where it stopped; nil when the connection must be closed.
    private mutating func serveFrames(in buffer: Int, from start: Int, of index: UInt32) -> Int? {
        let path = connections.path(to: index)
        let end = receives.byteCount(buffer)
        var start = start
        for _ in 0..<Self.framesPerTurn {
            guard start < end else { return end }
            switch StreamFrame(receives.bytes(buffer, start..<end)) {
            case .invalid:
                return nil
            case .incomplete(let total):
                return admitsFrame(total ?? 0, from: index) ? start : nil
            case .complete(let content, let total):
                guard admitsFrame(total, from: index) else { return nil }
                connections[index].lastHeard = now.instant
                connections[index].hasSpoken = true
                guard serveFrame(buffer, start..<start + content, total: total, of: index) else { return nil }
                // The reply may have found the connection broken.
                guard connections.index(for: path) != nil else { return end }
                start += total
            }
        }
        if start < end { connections.rest(index) }
        return start
    }

    /// Serves the connections for which there was no time in the last turn.
    mutating func serveRested() {
        guard !connections.resting.isEmpty else { return }
        let paths = exchange(&connections.resting, with: [])
        for path in paths {
            guard let index = connections.index(for: path) else { continue }
            connections[index].isResting = false
            if !serveRested(index) { leave(index) }
        }
    }

    private mutating func serveRested(_ index: UInt32) -> Bool {
        makeRoom()
        let (buffer, path) = (receives.count, connections.path(to: index))
        connections.readRested(index, into: &receives)
        guard let served = serveFrames(in: buffer, from: 0, of: index) else {
            // What departs leaves the rest behind, and nothing on the wire is its own.
            if departure != nil { connections.removeServed(receives.byteCount(buffer), of: index) }
            connections.wire.forgetInput()
            return false
        }
        guard connections.index(for: path) != nil else { return true }
        connections.removeServed(served, of: index)
        // More was waiting than one buffer holds.
        if connections[index].inbound.byteCount > receives.byteCount(buffer) - served { connections.rest(index) }
        return connections[index].isResting || !connections[index].isEnding
    }

    /// Keeps what cannot be served yet; false when there is no memory for it.
    mutating func keep(_ buffer: Int, _ range: Range<Int>, of index: UInt32) -> Bool {
        let share = isServed(index) ? StreamBuffers.Share.all : .strangers
        return connections.keep(buffer, range, of: receives, for: index, share: share)
    }

    /// Whether a frame may have so many bytes: strangers get room for a request with credentials, clients with an
    /// allocation for any datagram. Only for a long frame is the allocation looked up.
    private func admitsFrame(_ total: Int, from index: UInt32) -> Bool {
        total <= settings.longestFirstMessage
            || total <= receives.payloadCapacity && isServed(index)
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
            return depart(to: worker, buffer, range.lowerBound..<receives.byteCount(buffer), of: index)
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
            let isServed = isServed(index)
            let next = (isServed ? now.instant : connection.lastHeard).adding(seconds: settings.idleConnectionSeconds)
            guard isServed || connection.hasSpoken && now.instant < next else {
                closeConnection(index)
                continue
            }
            connections[index].timer = connections.timers.schedule(at: next, payload: UInt64(index))
        }
    }
}
