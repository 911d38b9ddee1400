import Timing
import Transport

// Clients over DTLS: a session for each, whose messages are datagrams.

extension DatagramLinks {
    /// A handshake under way.
    struct Handshake {
        let slot: Int
        let session: TLSSession
        let end: Instant
    }

    /// As long as a request is waited for (RFC 8489 §6.2.1).
    private static var handshakeMilliseconds: UInt32 { 39_500 }

    /// Sends the hello of a new session.
    mutating func beginSession(of slot: Int, _ security: LinkSecurity) {
        guard let session = security.makeSession() else { return news.append(.closed(slot: slot)) }
        sessions[slot] = session
        let end = SystemClock.instant().adding(milliseconds: Self.handshakeMilliseconds)
        handshakes.append(Handshake(slot: slot, session: session, end: end))
        security.wire.forgetInput()
        decrypt(slot, security)
    }

    /// Tells the server that a session is over.
    mutating func endSession(of slot: Int, _ security: LinkSecurity) {
        guard let session = sessions[slot] else { return }
        sessions[slot] = nil
        session.close()
        sendRecords(of: slot, security)
    }

    private mutating func fail(_ slot: Int, _ security: LinkSecurity) {
        endSession(of: slot, security)
        news.append(.closed(slot: slot))
    }

    /// Encrypts a message and sends it. What is too long for a record is lost, as UDP loses what is too long for it.
    mutating func encrypt(_ message: Span<UInt8>, for slot: Int, _ security: LinkSecurity) {
        guard message.count <= TLSSession.longestRecord, sessions[slot]?.write(message) == true else {
            unsentCount += 1
            return
        }
        sendRecords(of: slot, security)
    }

    /// Takes in the datagram on the wire.
    mutating func decrypt(_ slot: Int, _ security: LinkSecurity) {
        guard let session = sessions[slot] else { return }
        while true {
            let wasEstablished = session.isEstablished
            var result = TLSSession.ReadResult.drained
            let buffer = receives.fill { result = session.read(into: &$0) }
            sendRecords(of: slot, security)
            if !wasEstablished, session.isEstablished { news.append(.opened(slot: slot)) }
            if let buffer { noteMessage(in: buffer, for: slot) }
            switch result {
            case .full: continue
            case .drained: return
            case .closed: return fail(slot, security)
            case .failed(let error):
                firstFailure = firstFailure ?? error
                return fail(slot, security)
            }
        }
    }

    private mutating func sendRecords(of slot: Int, _ security: LinkSecurity) {
        security.wire.takeDatagrams { sendDatagram($0, for: slot) }
    }

    mutating func keepUp(at now: Instant) {
        guard let security else { return }
        handshakes.removeAll { $0.session.isEstablished }
        for handshake in handshakes where sessions[handshake.slot] === handshake.session {
            if now < handshake.end, handshake.session.retransmit() {
                sendRecords(of: handshake.slot, security)
            } else {
                fail(handshake.slot, security)
            }
        }
        handshakes.removeAll { sessions[$0.slot] !== $0.session }
    }
}
