internal import COpenSSL

/// A keyed hash (RFC 2104), computed piece by piece with one context that is used again for each message.
///
/// Fetching the algorithm and making the context cost more than hashing a STUN message, so each worker keeps one `HMAC`
/// for each hash function. A failure of OpenSSL gives a tag that matches nothing.
@safe
package struct HMAC: ~Copyable {
    private let context: OpaquePointer?
    private let byteCount: Int
    private var healthy = true
    /// The key that the context was last set up for: a request and its reply have the same.
    private var key: [UInt8] = []

    /// A context for HMAC-SHA1 or HMAC-SHA256.
    package init(_ algorithm: HashAlgorithm) {
        byteCount = algorithm.byteCount
        let mac = unsafe EVP_MAC_fetch(nil, "HMAC", nil)
        unsafe context = EVP_MAC_CTX_new(mac)
        unsafe EVP_MAC_free(mac)
        // A parameter only points to its name and its value: both strings must live until it has been read.
        unsafe OSSL_MAC_PARAM_DIGEST.withCString { key in
            unsafe algorithm.opensslName.withCString { name in unsafe Self.set(key, to: name, in: context) }
        }
    }

    @unsafe
    private static func set(_ key: UnsafePointer<CChar>, to name: UnsafePointer<CChar>, in context: OpaquePointer?) {
        unsafe withUnsafeTemporaryAllocation(of: OSSL_PARAM.self, capacity: 2) { parameters in
            unsafe parameters[0] = OSSL_PARAM_construct_utf8_string(key, UnsafeMutablePointer(mutating: name), 0)
            unsafe parameters[1] = OSSL_PARAM_construct_end()
            _ = unsafe EVP_MAC_CTX_set_params(context, parameters.baseAddress)
        }
    }

    deinit {
        unsafe EVP_MAC_CTX_free(context)
    }

    /// Starts a message under a key.
    package mutating func begin(key: Span<UInt8>) {
        guard !key.isEmpty else {
            healthy = false  // an empty key is known to everybody
            return
        }
        // Setting up a key hashes two blocks; with none OpenSSL starts again from where that led to.
        if healthy && ConstantTime.equal(key, self.key.span) {
            healthy = unsafe EVP_MAC_init(context, nil, 0, nil) == 1
            return
        }
        healthy = unsafe key.withUnsafeBufferPointer { key in
            unsafe EVP_MAC_init(context, key.baseAddress, key.count, nil) == 1
        }
        self.key.removeAll(keepingCapacity: true)
        guard healthy else { return }
        for index in key.indices { self.key.append(key[index]) }
    }

    /// Adds bytes to the message.
    package mutating func update(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { bytes in
            if unsafe EVP_MAC_update(context, bytes.baseAddress, bytes.count) != 1 { healthy = false }
        }
    }

    /// Ends the message.
    package mutating func finish() -> AuthenticationTag {
        var tag = AuthenticationTag()
        var length = 0
        let done = unsafe tag.withStorage { storage in
            unsafe EVP_MAC_final(context, storage.baseAddress, &length, storage.count)
        }
        tag.count = done == 1 && healthy && length == byteCount ? byteCount : 0
        return tag
    }

    /// The tag of a message that lies in one piece.
    package mutating func authenticate(_ message: Span<UInt8>, key: Span<UInt8>) -> AuthenticationTag {
        begin(key: key)
        update(message)
        return finish()
    }
}
