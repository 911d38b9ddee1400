import Addressing
import STUN
import TURN
import Tables
import Timing
import Transport

// Clients over DTLS (RFC 7350): one UDP socket for all of them, a session for each that has proven its address.

extension Worker {
    /// Takes in a datagram of DTLS. What is no answer to a cookie, and of no session, leaves nothing behind.
    mutating func receiveRecord(
        _ buffer: Int, _ range: Range<Int>, from client: FiveTuple, over listener: UInt32
    ) {
        guard datagramSessions.context != nil else { return }
        let fiveTuple = FiveTuple(client: client.client, server: client.server, transport: .dtls)
        datagramSessions.wire.load(receives.bytes(buffer, range))
        if let index = datagramSessions.find(fiveTuple) {
            // A client that begins anew, or somebody who pretends to be one: the session goes on until the cookie is
            // proven (RFC 6347 §4.2.8).
            let isEstablished = datagramSessions.session(index)?.isEstablished == true
            guard isEstablished, Self.isHello(receives.bytes(buffer, range)) else {
                return serveMessages(of: index, in: buffer, range)
            }
        }
        hear(buffer, range, fiveTuple, over: listener)
    }

    /// Whether a datagram begins with an unencrypted ClientHello: a handshake record of epoch 0 with message type 1.
    private static func isHello(_ bytes: Span<UInt8>) -> Bool {
        bytes.count > 13 && bytes[0] == 22 && bytes[3] == 0 && bytes[4] == 0 && bytes[13] == 1
    }

    private mutating func hear(_ buffer: Int, _ range: Range<Int>, _ fiveTuple: FiveTuple, over listener: UInt32) {
        // Lost for this time; the client will send it again.
        guard handshakeSteps > 0 else { return }
        let session = datagramSessions.listen(for: fiveTuple)
        sendRecords(to: fiveTuple, over: listener)
        guard let session else { return }
        handshakeSteps -= 1
        if let former = datagramSessions.find(fiveTuple) { endSession(former) }
        let deadline = now.instant.adding(seconds: settings.firstMessageSeconds)
        let index = datagramSessions.insert(
            DatagramSession(fiveTuple: fiveTuple, listener: listener, deadline: deadline, lastHeard: now.instant),
            session)
        watchOver(index, fromNow: 1)
        if let oldest = datagramHandshakes.begin(datagramSessions.path(to: index)),
            let given = datagramSessions.index(for: oldest), datagramSessions.session(given)?.isEstablished == false
        {
            counters.handshakesGivenUp += 1
            endSession(given)
        }
        datagramSessions.wire.load(receives.bytes(buffer, range))
        serveMessages(of: index, in: buffer, range)
    }

    /// Decrypts the datagram on the wire and serves the messages in it, each of which is a record. They take the place of the
    /// datagram, and need no buffer of their own while others are still to be served.
    private mutating func serveMessages(of index: UInt32, in buffer: Int, _ range: Range<Int>) {
        guard let session = datagramSessions.session(index) else { return }
        let path = datagramSessions.path(to: index)
        let client = datagramSessions[index]
        var rest = range
        while !rest.isEmpty {
            var result = TLSSession.ReadResult.drained
            let message = receives.overwrite(buffer, rest) { output in result = session.read(into: &output) }
            rest = message.upperBound..<max(message.upperBound, range.upperBound)
            sendRecords(to: client.fiveTuple, over: client.listener)
            if !message.isEmpty { serveMessage(buffer, message, from: client, index) }
            guard datagramSessions.index(for: path) != nil else { return }
            switch result {
            case .full: continue
            case .drained: return
            case .closed: return endSession(index)
            case .failed(let error):
                counters.tlsFailures += 1
                host.noteFailure(of: client.fiveTuple, error)
                return endSession(index)
            }
        }
    }

    mutating func serveMessage(
        _ buffer: Int, _ range: Range<Int>, from sender: DatagramSession, _ index: UInt32
    ) {
        datagramSessions[index].lastHeard = now.instant
        datagramSessions[index].hasSpoken = true
        switch engine.receive(buffer, range, of: receives, from: sender.client, now: now, host: &host) {
        case .none: claimAllocation(for: buffer, range)
        case .close, .replyElsewhere, .join: break
        case .handOver(let worker): forward(buffer, range, of: sender.client, to: worker)
        case .relay(let payload): sendToPeer(payload, from: buffer, at: range.lowerBound)
        case .reply:
            let reply = engine.reply
            sendMessage(reply.span, of: index)
        }
    }

    /// Sends a message made here to the client of a session.
    mutating func sendMessage(_ message: Span<UInt8>, of index: UInt32) {
        guard datagramSessions.session(index)?.write(message) == true else { return }
        sendRecords(to: datagramSessions[index].fiveTuple, over: datagramSessions[index].listener)
    }

    /// Sends a range of a buffer to a client. What is too long for a record is lost, as UDP loses what is too long for it.
    mutating func sendRecord(_ buffer: Int, _ range: Range<Int>, to fiveTuple: FiveTuple) {
        guard range.count <= TLSSession.longestRecord, let index = datagramSessions.find(fiveTuple),
            datagramSessions.session(index)?.write(receives.bytes(buffer, range)) == true
        else { return }
        sendRecords(to: fiveTuple, over: datagramSessions[index].listener)
    }

    /// Sends what a session has put on the wire.
    private mutating func sendRecords(to fiveTuple: FiveTuple, over index: UInt32) {
        let listener = listeners.datagrams[Int(index)]
        let wire = datagramSessions.wire
        wire.takeDatagrams { bytes in reply(with: bytes, to: fiveTuple, over: listener) }
    }

    // MARK: - Endings

    private mutating func endSession(_ index: UInt32) {
        let ended = datagramSessions[index]
        datagramSessions.session(index)?.close()
        sendRecords(to: ended.fiveTuple, over: ended.listener)
        datagramSessions.remove(index)
        engine.disconnect(ended.client, now: now.instant, host: &host)
    }

    mutating func endSessions() {
        for index in datagramSessions.liveIndices { endSession(index) }
    }

    private mutating func watchOver(_ index: UInt32, fromNow seconds: UInt32) {
        datagramSessions[index].timer = datagramSessions.timers.schedule(
            at: now.instant.adding(seconds: seconds), payload: UInt64(index))
    }

    /// Sends lost flights again, and ends sessions that came to nothing or have been silent for too long.
    mutating func expireSessions(limit: Int) {
        for _ in 0..<limit {
            guard let payload = datagramSessions.timers.popExpired(now: now.instant) else { return }
            let index = UInt32(truncatingIfNeeded: payload)
            datagramSessions[index].timer = .max
            guard isWorthKeeping(index) else {
                endSession(index)
                continue
            }
            watchOver(index, fromNow: datagramSessions[index].hasSpoken ? settings.idleConnectionSeconds : 1)
        }
    }

    private mutating func isWorthKeeping(_ index: UInt32) -> Bool {
        let client = datagramSessions[index]
        if client.hasSpoken {
            return now.instant < client.lastHeard.adding(seconds: settings.idleConnectionSeconds)
                || engine.hasAllocation(client.fiveTuple)
        }
        guard now.instant < client.deadline, datagramSessions.session(index)?.retransmit() == true else { return false }
        sendRecords(to: client.fiveTuple, over: client.listener)
        return true
    }
}
