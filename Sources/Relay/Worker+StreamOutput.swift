import TURN
import Transport

// What goes to TCP clients.

extension Worker {
    /// Sends a message of the engine to a client. One without an allocation that lets replies pile up is closed: a few of its
    /// kind would take the memory that the media of others may wait in.
    mutating func writeReply(_ reply: [UInt8], to index: UInt32) {
        guard !connections[index].awaitsWriting || engine.hasAllocation(connections[index].fiveTuple) else {
            return closeConnection(index)
        }
        settle(connections.write(reply.span, .reply, to: index), index)
    }

    /// Sends a message that is lost where media would be.
    mutating func writeMedia(_ message: [UInt8], to index: UInt32) {
        settle(connections.write(message.span, .media, to: index), index)
    }

    /// Sends a part of a receive buffer to a client, at the end of the turn or earlier.
    mutating func write(_ buffer: Int, _ range: Range<Int>, to index: UInt32) {
        if connections[index].kind == .tls {
            return settle(connections.encrypt(buffer, range, of: receives, to: index), index)
        }
        let slice = receives.slice(buffer, range)
        let generation = connections.generation(of: index)
        if frames.append(slice, to: index, generation: generation) { return }
        sendFrames()
        _ = frames.append(slice, to: index, generation: generation)
    }

    /// Sends the frames that the turn has gathered. It may be in the middle of serving one of the connections, so none is
    /// closed here: one that is broken is reported by epoll.
    mutating func sendFrames() {
        guard frames.connectionCount > 0 else { return }
        for place in 0..<frames.connectionCount {
            let index = frames.connection(place)
            guard connections.isLive(index) else { continue }
            switch connections.write(place, of: &frames, from: receives, to: index) {
            case .done: break
            case .blocked: if !watch(index, forWriting: true) { connections[index].socket.breakOff() }
            case .broken: connections[index].socket.breakOff()
            }
        }
        frames.removeAll()
    }

    private mutating func settle(_ outcome: ConnectionTable.WriteOutcome, _ index: UInt32) {
        switch outcome {
        case .done: break
        case .blocked: if !watch(index, forWriting: true) { closeConnection(index) }
        case .broken: closeConnection(index)
        }
    }

    /// Sends what waits for a client as far as there is room; false when the connection is broken.
    mutating func flush(_ index: UInt32) -> Bool {
        switch connections.flush(index) {
        case .failed: false
        case .blocked: watch(index, forWriting: true)
        case .empty: watch(index, forWriting: false)
        }
    }

    private mutating func watch(_ index: UInt32, forWriting: Bool) -> Bool {
        guard connections[index].awaitsWriting != forWriting else { return true }
        connections[index].awaitsWriting = forWriting
        do throws(SystemError) {
            try host.epoll.modify(
                connections[index].socket.descriptor, forWriting ? [.read, .write] : .read,
                token: connections.token(of: index))
            return true
        } catch {
            return false
        }
    }
}
