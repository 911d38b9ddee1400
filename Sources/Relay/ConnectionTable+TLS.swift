import TURN
import Tables
import Transport

// Connections with TLS. A frame becomes a record at once, and waits with the other records of the turn to be sent in one
// call; so does what a handshake answers.

extension ConnectionTable {
    /// Records that are sent before the turn ends, because more would be held against a client that reads fast enough.
    private static var longestWait: Int { 65_536 }

    /// Makes a connection one with TLS, of which a first part has come; false when there is no memory for it.
    mutating func begin(_ context: TLSContext, _ index: UInt32) -> Bool {
        guard let session = TLSSession(context, wire: wire) else { return false }
        putSession(session, index)
        let fiveTuple = slab[index].fiveTuple
        slab[index].fiveTuple = FiveTuple(client: fiveTuple.client, server: fiveTuple.server, transport: .tls)
        slab[index].kind = .tls
        return true
    }

    /// Whether a connection is in the middle of a TLS handshake.
    func isShakingHands(_ index: UInt32) -> Bool { session(index)?.isEstablished == false }

    /// What OpenSSL knows of a connection; nil without TLS.
    func session(_ index: UInt32) -> TLSSession? {
        Int(index) < sessions.count ? sessions[Int(index)] : nil
    }

    private mutating func putSession(_ session: TLSSession, _ index: UInt32) {
        while sessions.count <= Int(index) { sessions.append(nil) }
        sessions[Int(index)] = session
    }

    /// Takes a session out, which goes on elsewhere.
    mutating func takeSession(_ index: UInt32) -> TLSSession? {
        guard let session = session(index) else { return nil }
        sessions[Int(index)] = nil
        return session
    }

    /// Goes on with a session that comes from elsewhere; false when there is no memory for it.
    mutating func goOn(with session: TLSSession, _ index: UInt32) -> Bool {
        guard session.move(to: wire) else { return false }
        putSession(session, index)
        slab[index].kind = .tls
        return true
    }

    /// Puts the end of a session on its way, as far as the kernel takes it.
    mutating func endSession(_ index: UInt32) {
        session(index)?.close()
        if takeRecords(of: index), !slab[index].awaitsWriting { _ = flush(index) }
        sessions[Int(index)] = nil
    }

    // MARK: - Reading

    /// Reads ciphertext to be decrypted.
    func readRecords(_ index: UInt32) -> TCPSocket.ReadResult {
        wire.read(from: slab[index].socket)
    }

    /// Decrypts what came, behind what an earlier read left over unless the connection rests; the bytes are in the last
    /// buffer of `receives`.
    mutating func decrypt(_ index: UInt32, into receives: inout ReceiveBatch) -> TLSSession.ReadResult {
        guard let session = session(index) else { return .closed }
        var nothing = StreamQueue()
        let result =
            slab[index].isResting
            ? receives.read(from: session, after: &nothing, in: &buffers)
            : receives.read(from: session, after: &slab[index].inbound, in: &buffers)
        return takeRecords(of: index) ? result : .closed
    }

    // MARK: - Writing

    /// Makes a part of a receive buffer a record; otherwise like a frame of any other memory.
    mutating func encrypt(
        _ buffer: Int, _ range: Range<Int>, of receives: borrowing ReceiveBatch, to index: UInt32
    ) -> WriteOutcome {
        encrypt(receives.bytes(buffer, range), .media, to: index)
    }

    /// Makes one whole frame a record, if the client does not read too slowly for it.
    mutating func encrypt(_ frame: Span<UInt8>, _ kind: FrameKind, to index: UInt32) -> WriteOutcome {
        // A record cannot be dropped once it is made: the client counts them.
        guard hasRoom(for: frame.count, kind, to: index) else { return refuse(kind) }
        guard session(index)?.write(frame) == true, takeRecords(of: index) else { return .broken }
        guard slab[index].outbound.byteCount > Self.longestWait, !slab[index].awaitsWriting else { return .done }
        switch flush(index) {
        case .empty: return .done
        case .blocked: return .blocked
        case .failed: return .broken
        }
    }

    /// Queues what a session has put on the wire; false when that is too much.
    private mutating func takeRecords(of index: UInt32) -> Bool {
        guard wire.outputByteCount > 0 else { return true }
        let share = isShakingHands(index) ? StreamBuffers.Share.strangers : .all
        let isTaken = wire.takeOutput {
            buffers.append($0, to: &slab[index].outbound, limit: backlogLimit * 2, share: share)
        }
        guard isTaken else { return false }
        if !slab[index].hasFreshRecords {
            slab[index].hasFreshRecords = true
            due.append(path(to: index))
        }
        return true
    }
}
