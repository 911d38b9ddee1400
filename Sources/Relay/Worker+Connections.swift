import Addressing
import STUN
import TURN
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
            case .nothing, .failed: return
            }
        }
    }

    private mutating func open(_ socket: TCPSocket, _ client: TransportAddress) {
        do throws(SystemError) {
            try socket.setNoDelay()
            let server = try socket.localAddress()
            let fiveTuple = FiveTuple(client: client, server: server, transport: .tcp)
            let index = connections.insert(
                Connection(socket: socket, fiveTuple: fiveTuple, lastHeard: now.instant))
            do throws(SystemError) {
                try host.epoll.add(socket.descriptor, .read, token: token(of: index))
            } catch {
                connections.remove(index)
                throw error
            }
            connections[index].timer = connectionTimers.schedule(
                at: now.instant.adding(seconds: settings.firstMessageSeconds), payload: UInt64(index))
            counters.accepted += 1
        } catch {
            // The client is gone already, or there is no memory to watch it.
            socket.close()
            counters.shed += 1
        }
    }

    func token(of index: UInt32) -> EventToken {
        WorkerToken.connection.token(index: index, generation: connections.generation(of: index))
    }

    mutating func serveConnection(_ event: Epoll.Event) {
        let index = event.token.index
        guard connections.isLive(index), event.token.isCurrent(connections.generation(of: index)) else { return }
        if event.isWritable, !flush(index) { return closeConnection(index) }
        if event.isReadable, !read(index) { closeConnection(index) }
    }

    // MARK: - Frames

    /// Reads once and serves every whole frame; false when the connection must be closed.
    private mutating func read(_ index: UInt32) -> Bool {
        makeRoom()
        let buffer = receives.capacity - receives.freeCount
        let result = receives.read(
            from: connections[index].socket, after: &connections[index].inbound, in: &streams)
        switch result {
        case .nothing: return true
        case .end, .failed: return false
        case .bytes: return serveFrames(in: buffer, of: index)
        }
    }

    private mutating func serveFrames(in buffer: Int, of index: UInt32) -> Bool {
        let generation = connections.generation(of: index)
        let end = receives.byteCount(buffer)
        var start = 0
        while start < end {
            switch StreamFrame(receives.bytes(buffer, start..<end)) {
            case .invalid:
                return false
            case .incomplete(let total):
                return keep(buffer, start..<end, total: total, of: index)
            case .complete(let content, let total):
                guard total <= longestFrame(of: index) else { return false }
                connections[index].lastHeard = now.instant
                connections[index].hasSpoken = true
                guard serveFrame(buffer, start..<start + content, of: index) else { return false }
                // The reply may have found the connection broken.
                guard connections.isLive(index, generation: generation) else { return true }
                start += total
            }
        }
        return true
    }

    /// Keeps the beginning of a frame until the rest comes; false when the frame will be too long.
    private mutating func keep(_ buffer: Int, _ range: Range<Int>, total: Int?, of index: UInt32) -> Bool {
        guard total ?? 0 <= longestFrame(of: index) else { return false }
        return streams.append(
            receives.bytes(buffer, range), to: &connections[index].inbound, limit: receives.payloadCapacity)
    }

    /// Strangers get room for a request with credentials, clients with an allocation for any datagram.
    private func longestFrame(of index: UInt32) -> Int {
        engine.hasAllocation(connections[index].fiveTuple) ? receives.payloadCapacity : settings.longestFirstMessage
    }

    private mutating func serveFrame(_ buffer: Int, _ range: Range<Int>, of index: UInt32) -> Bool {
        let fiveTuple = connections[index].fiveTuple
        let action: ClientAction
        switch PacketKind(firstByte: receives.bytes(buffer, range)[0]) {
        case .channelData:
            action = engine.receiveChannelData(receives.bytes(buffer, range), from: fiveTuple, now: now.instant)
        default:
            let path = ClientPath(connection: index, generation: connections.generation(of: index))
            let client = Client(fiveTuple: fiveTuple, path: path)
            action = engine.receive(receives.bytes(buffer, range), from: client, now: now, host: &host)
        }
        switch action {
        case .none: break
        case .close: return false
        case .relay(let payload): sendToPeer(payload, from: buffer, at: range.lowerBound)
        case .reply: write(engine.reply, to: index)
        }
        return true
    }

    // MARK: - Endings

    mutating func closeConnection(_ index: UInt32) {
        var connection = connections[index]
        if connection.timer != .max { connectionTimers.cancel(connection.timer) }
        streams.removeAll(from: &connection.inbound)
        streams.removeAll(from: &connection.outbound)
        connections.remove(index)
        connection.socket.close()
        engine.disconnect(connection.fiveTuple, now: now.instant, host: &host)
    }

    mutating func closeConnections() {
        for index in 0..<UInt32(connections.slotCount) where connections.isLive(index) { closeConnection(index) }
    }

    /// Closes connections that never spoke, or have been silent for too long without an allocation.
    mutating func expireConnections(limit: Int) {
        for _ in 0..<limit {
            guard let payload = connectionTimers.popExpired(now: now.instant) else { return }
            let index = UInt32(truncatingIfNeeded: payload)
            connections[index].timer = .max
            let connection = connections[index]
            let idle = settings.idleConnectionSeconds
            let isBusy =
                engine.hasAllocation(connection.fiveTuple)
                || connection.hasSpoken && now.instant < connection.lastHeard.adding(seconds: idle)
            guard isBusy else {
                closeConnection(index)
                continue
            }
            let next = max(connection.lastHeard, now.instant).adding(seconds: idle)
            connections[index].timer = connectionTimers.schedule(at: next, payload: UInt64(index))
        }
    }
}
