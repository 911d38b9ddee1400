internal import Cryptography

/// A user that the operator named, as `user=name:password` or `user=name:0xkey` does.
package struct StaticUser: Sendable {
    /// What proves that a client is this user.
    package enum Secret: Sendable {
        /// The password in clear.
        case password([UInt8])
        /// The 16 bytes of MD5(name ":" realm ":" password), so that the password need not stand in a file.
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

    /// The user's long-term key in a realm; nil where nobody could log in: an empty password, or a key that is not an
    /// MD5 value.
    func longTermKey(realm: [UInt8]) -> [UInt8]? {
        switch secret {
        case .password(let password):
            password.isEmpty ? nil : LongTermKey.md5(username: name, realm: realm, password: password)
        case .key(let key):
            key.count == HashAlgorithm.md5.byteCount ? key : nil
        }
    }
}
