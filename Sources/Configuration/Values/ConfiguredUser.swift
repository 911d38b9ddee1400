/// A user account written in the configuration: `user=name:password` or `user=name:0xKEY`.
package struct ConfiguredUser: Hashable, Sendable {
    /// What the server knows of the user's credentials.
    package enum Secret: Hashable, Sendable {
        /// The password itself.
        case password([UInt8])
        /// The long-term key of RFC 8489 §9.2.2, a hash of name ":" realm ":" password: 16 bytes by MD5, 32 by SHA-256.
        case key([UInt8])
    }

    /// The USERNAME as bytes, since two different invalid UTF-8 texts compare equal as String.
    package let name: [UInt8]
    /// The password or the key made of it.
    package let secret: Secret

    /// Joins a name and a secret.
    package init(name: [UInt8], secret: Secret) {
        self.name = name
        self.secret = secret
    }
}

extension ConfiguredUser: CustomStringConvertible {
    /// The name alone: whatever prints a configuration must not print a secret.
    package var description: String { "user \(name.printable)" }
}
