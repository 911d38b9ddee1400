import TURN
import Tables
import Transport

// How bytes move between two joined connections: what is held goes out first, and only when nothing is held more is taken
// in. Without TLS they pass from socket to socket through a pipe.

extension DataConnectionTable {
    /// What came of moving.
    enum Outcome {
        /// Nothing moves until one of the sockets changes.
        case waits
        /// More can be moved; the rest of the loop has its turn first.
        case goesOn
        /// More can be moved when the limits of the session leave room for it again.
        case paced
        /// Both sides have ended their half, and all has arrived.
        case over
        /// One of the connections is of no more use, and so is the other.
        case broken
    }

    /// Bytes moved in one direction in one turn.
    private static var byteShare: Int { 4 * Pipe.capacity }

    /// Moves bytes both ways as far as the sockets let it and there is room for them. What is read at a time may be somewhat
    /// more than there is room for; it counts, and the next has to wait the longer.
    mutating func pump(_ index: UInt32, room: (toPeer: Int, toClient: Int)) -> Outcome {
        switch (move(.toPeer, of: index, room: room.toPeer), move(.toClient, of: index, room: room.toClient)) {
        case (.broken, _), (_, .broken): .broken
        case (.goesOn, _), (_, .goesOn): .goesOn
        case (.paced, _), (_, .paced): .paced
        case (.over, .over): .over
        default: .waits
        }
    }

    /// How much has been taken in each way since the last call.
    mutating func takeCounts(of index: UInt32) -> (sent: Int, received: Int) {
        defer {
            slab[index].toPeer.uncounted = 0
            slab[index].toClient.uncounted = 0
        }
        return (slab[index].toPeer.uncounted, slab[index].toClient.uncounted)
    }

    private mutating func move(_ direction: RelayDirection, of index: UInt32, room: Int) -> Outcome {
        var left = min(Self.byteShare, room)
        while true {
            switch flush(direction, of: index) {
            case .blocked: return .waits
            case .failed: return .broken
            case .empty: break
            }
            if slab[index][direction].isOver { return .over }
            guard !slab[index][direction].hasSourceEnded else {
                guard end(direction, of: index) else { return .broken }
                continue
            }
            guard left > 0 else { return room < Self.byteShare ? .paced : .goesOn }
            switch takeIn(direction, of: index) {
            case .nothing: return .waits
            case .failed: return .broken
            case .end: slab[index][direction].hasSourceEnded = true
            case .bytes(let count):
                left -= count
                slab[index][direction].uncounted += count
            }
        }
    }

    // MARK: - Out

    private func sink(_ direction: RelayDirection, of index: UInt32) -> TCPSocket {
        direction == .toPeer ? slab[index].peer : slab[index].client
    }

    /// Hands the receiver what is held for it: what came to this process before what came into the pipe.
    private mutating func flush(_ direction: RelayDirection, of index: UInt32) -> StreamBuffers.FlushResult {
        var flow = slab[index][direction]
        defer { slab[index][direction] = flow }
        let result = buffers.flush(&flow.queue, to: sink(direction, of: index))
        guard case .empty = result else { return result }
        while flow.pipeByteCount > 0 {
            switch flow.pipe.drain(flow.pipeByteCount, into: sink(direction, of: index)) {
            case .failed(let error): return .failed(error)
            case .bytes(0): return .blocked
            case .bytes(let count): flow.pipeByteCount -= count
            }
        }
        if flow.pipe != .none {
            pipes.give(flow.pipe, isEmpty: true)
            flow.pipe = .none
        }
        return .empty
    }

    /// Tells the receiver that the sender has ended: with TLS first in its session. True when there is something to flush,
    /// or all is done.
    private mutating func end(_ direction: RelayDirection, of index: UInt32) -> Bool {
        if direction == .toClient, let session = session(index) {
            session.endWriting()
            if wire.outputByteCount > 0 { return queueRecords(of: index) }
        }
        sink(direction, of: index).shutdownWriting()
        slab[index][direction].isOver = true
        return true
    }

    // MARK: - In

    /// What came of taking in.
    private enum Intake {
        case bytes(Int)
        case nothing
        case end
        case failed

        init(_ result: TCPSocket.ReadResult) {
            switch result {
            case .bytes(let count): self = .bytes(count)
            case .nothing: self = .nothing
            case .end: self = .end
            case .failed: self = .failed
            }
        }
    }

    private mutating func takeIn(_ direction: RelayDirection, of index: UInt32) -> Intake {
        guard let session = session(index) else { return splice(direction, of: index) }
        return direction == .toPeer ? decrypt(session, of: index) : encrypt(session, of: index)
    }

    private mutating func splice(_ direction: RelayDirection, of index: UInt32) -> Intake {
        // Without a descriptor for a pipe the bytes can go nowhere.
        guard let pipe = try? pipes.take() else { return .failed }
        let source = direction == .toPeer ? slab[index].client : slab[index].peer
        let result = pipe.fill(from: source)
        if case .bytes(let count) = result {
            slab[index][direction].pipe = pipe
            slab[index][direction].pipeByteCount = count
        } else {
            pipes.give(pipe, isEmpty: true)
        }
        return Intake(result)
    }

    /// Reads from the client's session until there are bytes, or nothing more comes.
    private mutating func decrypt(_ session: TLSSession, of index: UInt32) -> Intake {
        while true {
            let result = wire.read(from: slab[index].client)
            guard case .bytes = result else { return Intake(result) }
            switch decryptWire(session, of: index) {
            case .nothing: continue  // a part of a record alone, or no data in it
            case let intake: return intake
            }
        }
    }

    /// Decrypts all that is on the wire. What the session answers of itself goes to the client.
    private mutating func decryptWire(_ session: TLSSession, of index: UInt32) -> Intake {
        var count = 0
        while true {
            var outcome = TLSSession.ReadResult.drained
            if let buffer = scratch.fill({ output in outcome = session.read(into: &output) }) {
                count += scratch.byteCount(buffer)
                let isKept = scratch.append(buffer, to: &slab[index].toPeer.queue, in: &buffers)
                scratch.reset()
                guard isKept else { return .failed }
            }
            guard queueRecords(of: index) else { return .failed }
            switch outcome {
            case .full: continue
            case .drained: return count > 0 ? .bytes(count) : .nothing
            case .failed: return .failed
            case .closed:
                slab[index].toPeer.hasSourceEnded = true
                return .bytes(count)
            }
        }
    }

    private mutating func encrypt(_ session: TLSSession, of index: UInt32) -> Intake {
        var result = TCPSocket.ReadResult.nothing
        let peer = slab[index].peer
        if let buffer = scratch.fill({ output in result = peer.read(into: &output) }) {
            let isWritten = session.write(scratch.bytes(buffer))
            scratch.reset()
            guard isWritten, queueRecords(of: index) else { return .failed }
        }
        return Intake(result)
    }
}
