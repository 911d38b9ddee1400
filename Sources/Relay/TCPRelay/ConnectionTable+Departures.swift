import TURN
import Tables
import Timing
import Transport

// Connections that go from one table to another, or leave it to be joined with a peer's.

extension ConnectionTable {
    /// Takes a connection out without closing it. Its session must have read all that was on the wire.
    mutating func detach(_ index: UInt32, unread: [UInt8], hasEnded: Bool) -> DetachedConnection {
        forget(index)
        if slab[index].timer != .max { timers.cancel(slab[index].timer) }
        let unsent = [UInt8](capacity: slab[index].outbound.byteCount) { output in
            buffers.copy(slab[index].outbound, to: &output)
        }
        buffers.removeAll(from: &slab[index].inbound)
        buffers.removeAll(from: &slab[index].outbound)
        let connection = DetachedConnection(
            socket: slab[index].socket, fiveTuple: slab[index].fiveTuple, session: takeSession(index), unread: unread,
            unsent: unsent, hasEnded: hasEnded)
        slab.remove(index)
        return connection
    }

    /// Takes a connection in, but for what it has sent; nil when there is no memory for it.
    mutating func attach(_ connection: DetachedConnection, now: Instant) -> UInt32? {
        let index = insert(Connection(socket: connection.socket, fiveTuple: connection.fiveTuple, lastHeard: now))
        slab[index].hasSpoken = true
        slab[index].wasHandedOver = true
        slab[index].kind = .plain
        let hasSession = connection.session.map { goOn(with: $0, index) } ?? true
        guard hasSession, buffers.append(connection.unsent.span, to: &slab[index].outbound, limit: .max) else {
            _ = takeSession(index)
            slab.remove(index)
            return nil
        }
        return index
    }

    /// Puts as much of `bytes` as fits into a buffer, behind what an earlier read left over unless the connection rests; it is
    /// the last one of `receives`.
    mutating func take(_ bytes: inout ArraySlice<UInt8>, for index: UInt32, into receives: inout ReceiveBatch) {
        var nothing = StreamQueue()
        if slab[index].isResting {
            receives.read(from: &bytes, after: &nothing, in: &buffers)
        } else {
            receives.read(from: &bytes, after: &slab[index].inbound, in: &buffers)
        }
    }

    /// Takes out what waits to be served of a connection.
    mutating func takeInbound(_ index: UInt32) -> [UInt8] {
        let bytes = [UInt8](capacity: slab[index].inbound.byteCount) { output in
            buffers.copy(slab[index].inbound, to: &output)
        }
        buffers.removeAll(from: &slab[index].inbound)
        return bytes
    }
}
