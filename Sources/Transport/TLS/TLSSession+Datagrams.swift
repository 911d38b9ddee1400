internal import COpenSSL

// What only DTLS has: a hello that must come with a cookie, and flights that get lost.

extension TLSSession {
    /// What came of listening for a hello.
    package enum Hello: Sendable {
        /// It had no good cookie. The answer with one is on the wire, or it was no hello at all; nothing is kept.
        case unproven
        /// It came with the cookie: the session goes on with this client, and `read` with the same datagram is next.
        case proven
    }

    /// The longest message that fits into a record.
    package static let longestRecord = 16_384
    /// The longest datagram of a handshake: it passes every path of the Internet (RFC 9147 §4.4).
    static let datagramByteLimit = 1200

    /// Looks for a hello in the datagram on the wire. Until one is proven the session may be used for one client after the
    /// other.
    package func listen() -> Hello {
        ERR_clear_error()
        guard let address = unsafe BIO_ADDR_new() else { return .unproven }
        defer { unsafe BIO_ADDR_free(address) }
        return unsafe DTLSv1_listen(handle, address) == 1 ? .proven : .unproven
    }

    /// Puts a lost flight of the handshake on the wire again, if it is time for that; false when it was sent too often.
    package func retransmit() -> Bool {
        ERR_clear_error()
        return unsafe copenssl_handle_timeout(handle) >= 0
    }
}
