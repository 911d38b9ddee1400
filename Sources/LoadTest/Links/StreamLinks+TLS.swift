import Transport

// Clients over TLS: ciphertext is decrypted into a receive buffer, and from there on it is a stream like any other.

extension StreamLinks {
    /// Begins the handshake on a connection.
    mutating func beginSession(of slot: Int, _ security: LinkSecurity) {
        guard let session = security.makeSession() else { return fail(slot) }
        links[slot].session = session
        security.wire.forgetInput()
        decrypt(slot, session, security)
    }

    /// Tells the server that the session is over, if it can be told without waiting.
    mutating func endSession(of slot: Int) {
        guard let security, let session = links[slot].session else { return }
        links[slot].session = nil
        session.close()
        takeRecords(for: slot, security)
        if links[slot].isConnected { _ = buffers.flush(&links[slot].outbound, to: links[slot].socket) }
    }

    /// Encrypts a message; false when it finds no room, or the session is broken.
    mutating func encrypt(_ message: Span<UInt8>, with session: TLSSession, for slot: Int) -> Bool {
        // Records cost at most 22 bytes of every 16 KiB.
        let room = message.count + 22 * (message.count / TLSSession.longestRecord + 1)
        guard let security, buffers.hasRoom(for: room, in: links[slot].outbound, limit: Self.backlogLimit),
            session.write(message)
        else { return false }
        takeRecords(for: slot, security)
        return true
    }

    /// Reads ciphertext once.
    mutating func readRecords(of slot: Int, _ session: TLSSession, _ security: LinkSecurity) {
        // What one reading decrypts to may begin in the rest of one buffer and end in the third behind it. Without them
        // it waits for the next turn.
        guard receives.freeCount >= 4 else { return }
        switch security.wire.read(from: links[slot].socket) {
        case .nothing: break
        case .end, .failed: fail(slot)
        case .bytes: decrypt(slot, session, security)
        }
    }

    private mutating func decrypt(_ slot: Int, _ session: TLSSession, _ security: LinkSecurity) {
        while links[slot].session === session {
            let wasOpen = links[slot].isOpen
            let buffer = receives.count
            let result = receives.read(from: session, after: &links[slot].inbound, in: &buffers)
            takeRecords(for: slot, security)
            markDirty(slot)
            if !wasOpen, links[slot].isOpen { news.append(.opened(slot: slot)) }
            if receives.count > buffer { takeFrames(of: slot, in: buffer) }
            switch result {
            case .full: continue
            case .drained: return
            case .closed: return fail(slot)
            case .failed(let error):
                firstFailure = firstFailure ?? error
                return fail(slot)
            }
        }
    }

    /// Queues what a session has put on the wire. There is room, for it was asked for, or the handshake has only begun.
    private mutating func takeRecords(for slot: Int, _ security: LinkSecurity) {
        guard security.wire.outputByteCount > 0 else { return }
        security.wire.takeOutput { records in
            _ = buffers.append(records, to: &links[slot].outbound, limit: .max)
        }
    }
}
