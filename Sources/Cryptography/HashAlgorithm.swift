internal import COpenSSL

/// The hash functions that STUN names.
package enum HashAlgorithm: Sendable {
    /// For long-term keys of RFC 5389 and RFC 8489 §9.2.2.
    case md5
    /// For MESSAGE-INTEGRITY and REST credentials.
    case sha1
    /// For MESSAGE-INTEGRITY-SHA256, SHA-256 keys, USERHASH and nonces.
    case sha256

    /// The length of a hash value.
    package var byteCount: Int {
        switch self {
        case .md5: 16
        case .sha1: 20
        case .sha256: 32
        }
    }

    var opensslName: String {
        switch self {
        case .md5: "MD5"
        case .sha1: "SHA1"
        case .sha256: "SHA256"
        }
    }

    /// The hash of a message; nil only when OpenSSL refuses the algorithm (a FIPS-only installation refuses MD5).
    package func hash(_ message: [UInt8]) -> [UInt8]? {
        var digest = [UInt8](repeating: 0, count: byteCount)
        var length = digest.count
        let done = unsafe message.withUnsafeBytes { message in
            unsafe digest.withUnsafeMutableBytes { digest in
                unsafe EVP_Q_digest(
                    nil, opensslName, nil, message.baseAddress, message.count,
                    digest.baseAddress?.assumingMemoryBound(to: UInt8.self), &length)
            }
        }
        return done == 1 && length == byteCount ? digest : nil
    }
}
