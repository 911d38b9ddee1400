/// How a long-term key is made from username, realm and password (RFC 8489 §9.2.2, registry in §18.5.1).
package enum PasswordAlgorithm: UInt16, Sendable, CaseIterable {
    /// MD5, and MESSAGE-INTEGRITY on the messages: what every deployed client does.
    case md5 = 1
    /// SHA-256, and MESSAGE-INTEGRITY-SHA256 on the messages.
    case sha256 = 2

    /// The hash function behind it.
    package var hash: HashAlgorithm {
        switch self {
        case .md5: .md5
        case .sha256: .sha256
        }
    }

    /// The key, H(username ":" realm ":" password); nil only where OpenSSL refuses the hash.
    ///
    /// The bytes are taken as they are. RFC 8489 has realm and password prepared as OpaqueString (RFC 8265): mapped
    /// spaces and normal form C, for which Unicode's tables would have to come along. Whoever types a password in normal
    /// form, as keyboards and operating systems do, has prepared it; ASCII has only one form.
    package func key(username: [UInt8], realm: [UInt8], password: [UInt8]) -> [UInt8]? {
        let colon = [UInt8(ascii: ":")]
        return hash.hash(username + colon + realm + colon + password)
    }
}
