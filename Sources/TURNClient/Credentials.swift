package import Cryptography

/// A username and its password (RFC 8489 §9.2), as bytes: two names that differ in their bytes are different names.
package struct Credentials: Hashable, Sendable {
    /// What USERNAME carries.
    package let username: [UInt8]
    /// What the key is made of.
    package let password: [UInt8]

    /// Credentials in bytes, which need not be text.
    package init(username: [UInt8], password: [UInt8]) {
        self.username = username
        self.password = password
    }

    /// Credentials in text, as they are: normalising is the caller's.
    package init(username: String, password: String) {
        self.init(username: Array(username.utf8), password: Array(password.utf8))
    }

    /// What USERHASH carries in place of USERNAME: SHA-256(username ":" realm) (RFC 8489 §14.4). Empty, and so of no use,
    /// when OpenSSL refuses the hash.
    package func userhash(realm: [UInt8]) -> [UInt8] {
        HashAlgorithm.sha256.hash(username + [UInt8(ascii: ":")] + realm) ?? []
    }

    /// The key for a realm, H(username ":" realm ":" password) (RFC 8489 §9.2.2). Empty, and so of no use, when OpenSSL
    /// refuses the hash.
    package func key(realm: [UInt8], _ algorithm: PasswordAlgorithm) -> [UInt8] {
        algorithm.key(username: username, realm: realm, password: password) ?? []
    }
}
