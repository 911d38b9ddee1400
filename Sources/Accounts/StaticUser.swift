internal import Cryptography

/// A user that the operator named, as `user=name:password` or `user=name:0xkey` does.
package struct StaticUser: Sendable {
    /// What proves that a client is this user.
    package enum Secret: Sendable {
        /// The password in clear.
        case password([UInt8])
        /// A long-term key, so that the password need not stand in a file: 16 bytes for MD5, 32 for SHA-256. Its user can
        /// log in by that algorithm alone.
        case key([UInt8])
    }

    /// The USERNAME, byte for byte as the client sends it.
    package let name: [UInt8]
    /// The password or the key made of it.
    package let secret: Secret

    /// Joins a name and its secret.
    package init(name: [UInt8], secret: Secret) {
        self.name = name
        self.secret = secret
    }

    /// The user's long-term key in a realm; nil where nobody could log in: an empty password, or a key that is not of this
    /// algorithm.
    func longTermKey(realm: [UInt8], _ algorithm: PasswordAlgorithm) -> [UInt8]? {
        switch secret {
        case .password(let password):
            password.isEmpty ? nil : algorithm.key(username: name, realm: realm, password: password)
        case .key(let key):
            key.count == algorithm.hash.byteCount ? key : nil
        }
    }

    /// USERHASH: the name that strangers on the way cannot read (RFC 8489 §14.4).
    func userhash(realm: [UInt8]) -> [UInt8]? { HashAlgorithm.sha256.hash(name + [UInt8(ascii: ":")] + realm) }
}
