import Transport

// What goes to TCP clients. The kernel takes it at once or the connection queues it, up to a bound: a client that reads
// slowly loses its own media, and delays nobody else's.

extension Worker {
    /// Sends one whole frame to a client, or none of it.
    mutating func write(_ frame: Span<UInt8>, to index: UInt32) {
        guard connections[index].outbound.isEmpty else { return enqueue(frame, to: index) }
        switch connections[index].socket.write(frame) {
        case .failed:
            closeConnection(index)
        case .bytes(let count) where count == frame.count:
            break
        case .bytes(let count):
            // A frame that has begun must be finished, or the stream is out of step.
            let rest = frame.extracting(count..<frame.count)
            guard streams.append(rest, to: &connections[index].outbound, limit: .max) else {
                return closeConnection(index)
            }
            awaitWriting(index)
        }
    }

    private mutating func enqueue(_ frame: Span<UInt8>, to index: UInt32) {
        let fits = streams.append(
            frame, to: &connections[index].outbound, limit: settings.streamBacklogBytes)
        if !fits { counters.backlogDrops += 1 }
    }

    /// Sends what waits for a client, now that there is room; false when the connection is broken.
    mutating func flush(_ index: UInt32) -> Bool {
        switch streams.flush(&connections[index].outbound, to: connections[index].socket) {
        case .failed: return false
        case .blocked: return true
        case .empty: return watch(index, forWriting: false)
        }
    }

    private mutating func awaitWriting(_ index: UInt32) {
        if !watch(index, forWriting: true) { closeConnection(index) }
    }

    private mutating func watch(_ index: UInt32, forWriting: Bool) -> Bool {
        guard connections[index].awaitsWriting != forWriting else { return true }
        connections[index].awaitsWriting = forWriting
        do throws(SystemError) {
            try host.epoll.modify(
                connections[index].socket.descriptor, forWriting ? [.read, .write] : .read, token: token(of: index))
            return true
        } catch {
            return false
        }
    }
}
