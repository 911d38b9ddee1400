internal import Cryptography

/// A secret that the server shares with the web services that hand out credentials (draft-uberti-behave-turn-rest).
package struct SharedSecret: Sendable {
    private let bytes: [UInt8]

    /// Wraps the bytes of a secret; nil when there are none, for then everybody would know it.
    package init?(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return nil }
        self.bytes = bytes
    }

    /// The password that goes with a username: base64(HMAC-SHA1(secret, username)), over the whole username. Nil only
    /// where OpenSSL refuses SHA-1.
    package func password(for username: [UInt8]) -> [UInt8]? {
        var hmac = HMAC(.sha1)
        let tag = hmac.authenticate(username.span, key: bytes.span)
        return tag.count > 0 ? Base64.encode(tag.bytes) : nil
    }
}
