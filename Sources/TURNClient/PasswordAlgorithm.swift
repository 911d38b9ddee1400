package import Cryptography

/// How a long-term key is made from username, realm and password (RFC 8489 §18.5.1).
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
}
