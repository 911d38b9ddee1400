import Cryptography

/// Who sent a request that passed the long-term credential check (RFC 8489 §9.2.4).
struct Identity {
    /// Nobody in particular, on a server that asks for no credentials.
    static let anybody = Identity(
        username: [], quotaHolder: QuotaHolder([]), key: [], algorithm: .md5, usesSHA256: false)

    /// USERNAME, byte for byte.
    let username: [UInt8]
    /// Whose quota the user's allocations count in, and so the realm.
    let quotaHolder: QuotaHolder
    /// The key that fits, for the integrity of the reply.
    let key: [UInt8]
    /// How the key was made.
    let algorithm: PasswordAlgorithm
    /// Whether the reply carries MESSAGE-INTEGRITY-SHA256: the request named an algorithm, or carried it too.
    let usesSHA256: Bool
    /// The last second at which the user's token is good (RFC 7635); nil for users with a password.
    var tokenExpiry: Int64?
    /// ORIGIN, canonical; empty where there was none, nil where nobody looks at it.
    var origin: [UInt8]?
}
