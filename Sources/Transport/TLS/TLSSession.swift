internal import COpenSSL

/// One end of a connection of TLS or DTLS, the server's or a client's, without I/O: ciphertext comes from a `TLSWire` and goes
/// back to it, plaintext comes from and goes to the caller's memory.
@safe
package final class TLSSession {
    /// What came of reading.
    package enum ReadResult: Sendable {
        /// The caller's memory is full, or a message of DTLS is whole; there may be more.
        case full
        /// All that came has been read.
        case drained
        /// The other end has closed the session (close_notify).
        case closed
        /// The session is of no more use; the alert that says so may wait on the wire.
        case failed(TLSError)
    }

    /// What the other end may send before the handshake is done: a hello with every extension, a chain of certificates.
    package static let handshakeByteLimit = 65_536

    let handle: OpaquePointer
    private(set) var wire: TLSWire
    /// Whether the handshake is done, so that there is somebody to write to.
    package private(set) var isEstablished = false
    private var isBroken = false
    /// Whether it is a session of DTLS: each `read` and each `write` is a message.
    package var isOverDatagrams: Bool { wire.carrier == .datagrams }
    private var handshakeByteCount = 0

    /// A session that waits for a client's hello; nil when there is no memory for it.
    package convenience init?(_ context: TLSContext, wire: TLSWire) {
        self.init(of: context, wire: wire)
        unsafe SSL_set_accept_state(handle)
    }

    /// A session that has not begun; nil when there is no memory for it.
    init?(of context: TLSContext, wire: TLSWire) {
        guard let session = unsafe SSL_new(context.handle) else { return nil }
        guard let bio = unsafe wire.makeBIO() else {
            unsafe SSL_free(session)
            return nil
        }
        unsafe SSL_set_bio(session, bio, bio)
        if context.carrier == .datagrams { _ = unsafe copenssl_set_mtu(session, Self.datagramByteLimit) }
        unsafe handle = session
        self.wire = wire
    }

    deinit {
        unsafe SSL_free(handle)
    }

    /// Goes on over another wire; nothing of the session may wait on the old one. False when there is no memory for it.
    package func move(to wire: TLSWire) -> Bool {
        guard let bio = unsafe wire.makeBIO() else { return false }
        unsafe SSL_set_bio(handle, bio, bio)
        self.wire = wire
        return true
    }

    /// Takes in what the wire holds, and puts the plaintext behind what is in `output`. What the handshake answers is on
    /// the wire afterwards.
    package func read(into output: inout OutputSpan<UInt8>) -> ReadResult {
        guard !isBroken else { return .closed }
        let waiting = wire.inputByteCount
        defer { if !isEstablished { handshakeByteCount += waiting - wire.inputByteCount } }
        while !output.isFull {
            ERR_clear_error()
            let result = readOnce(into: &output)
            if !isEstablished, unsafe SSL_is_init_finished(handle) == 1 { isEstablished = true }
            if result != 1 { return ending(of: result) }
            if wire.carrier == .datagrams { return .full }
        }
        return .full
    }

    private func readOnce(into output: inout OutputSpan<UInt8>) -> CInt {
        unsafe output.withUnsafeMutableBufferPointer { buffer, filled in
            let free = unsafe UnsafeMutableBufferPointer(rebasing: buffer[filled...])
            var count = 0
            let result = unsafe SSL_read_ex(handle, free.baseAddress, free.count, &count)
            filled += result == 1 ? count : 0
            return result
        }
    }

    private func ending(of result: CInt) -> ReadResult {
        switch unsafe SSL_get_error(handle, result) {
        case SSL_ERROR_WANT_READ where isEstablished || handshakeByteCount <= Self.handshakeByteLimit:
            return .drained
        case SSL_ERROR_WANT_READ:
            isBroken = true
            return .failed(TLSError("finish the handshake", reason: "it is too long"))
        case SSL_ERROR_ZERO_RETURN:
            return .closed
        default:
            isBroken = true
            return .failed(.last(isEstablished ? "read" : "finish the handshake"))
        }
    }

    /// Encrypts bytes onto the wire, in a record of their own as long as they fit into one; false when the session cannot
    /// send.
    package func write(_ plaintext: Span<UInt8>) -> Bool {
        guard isEstablished, !isBroken else { return false }
        if plaintext.isEmpty { return true }
        ERR_clear_error()
        var count = 0
        let result = unsafe plaintext.withUnsafeBufferPointer {
            unsafe SSL_write_ex(handle, $0.baseAddress, $0.count, &count)
        }
        isBroken = result != 1
        return !isBroken
    }

    /// Puts the end of the session on the wire (close_notify).
    package func close() {
        endWriting()
        isBroken = true
    }

    /// Puts the end of what is written on the wire (close_notify); what the client still sends can be read.
    package func endWriting() {
        guard isEstablished, !isBroken, unsafe SSL_get_shutdown(handle) & SSL_SENT_SHUTDOWN == 0 else { return }
        ERR_clear_error()
        _ = unsafe SSL_shutdown(handle)
    }

    // MARK: - What was agreed upon

    /// The version of the protocol, such as `TLSv1.3`.
    package var version: String { unsafe String(cString: SSL_get_version(handle)) }

    /// OpenSSL's name of the cipher; empty before one is chosen.
    package var cipher: String {
        unsafe SSL_CIPHER_get_name(SSL_get_current_cipher(handle)).map { unsafe String(cString: $0) } ?? ""
    }
}
