internal import COpenSSL

// The cookie of DTLS (RFC 6347 §4.2.1): a client proves that it hears what is sent to its address before anything is kept
// of it. The cookie is a hash of that address under a key of the wire, so nothing needs to be remembered to check it.

extension TLSContext {
    func useCookies() {
        unsafe SSL_CTX_set_cookie_generate_cb(handle) { session, cookie, count in
            guard let expected = unsafe TLSContext.cookie(for: session), let cookie = unsafe cookie else { return 0 }
            _ = unsafe UnsafeMutableBufferPointer(start: cookie, count: expected.count).update(fromContentsOf: expected)
            unsafe count?.pointee = UInt32(expected.count)
            return 1
        }
        unsafe SSL_CTX_set_cookie_verify_cb(handle) { session, cookie, count in
            guard let expected = unsafe TLSContext.cookie(for: session), expected.count == Int(count) else { return 0 }
            return unsafe CRYPTO_memcmp(expected, cookie, expected.count) == 0 ? 1 : 0
        }
    }

    @unsafe
    private static func cookie(for session: OpaquePointer?) -> [UInt8]? {
        guard let session = unsafe session, let bio = unsafe SSL_get_rbio(session) else { return nil }
        return unsafe TLSWire.at(bio)?.cookie()
    }
}

extension TLSWire {
    /// The cookie of the client that the wire leads to at the moment.
    func cookie() -> [UInt8]? {
        var tag = [UInt8](repeating: 0, count: 32)
        var count: UInt32 = 0
        let made = unsafe HMAC(
            EVP_sha256(), cookieKey, CInt(cookieKey.count), clientName, clientName.count, &tag, &count)
        return unsafe made != nil && count == 32 ? tag : nil
    }
}
