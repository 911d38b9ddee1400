import Cryptography

/// Who made an allocation. RFC 8656 §5 ties every later request to the same user; §6 has the server keep the key, so that
/// a session outlives the moment at which its REST credential would no longer open a new one.
package struct AllocationOwner: Sendable {
    /// USERNAME, byte for byte.
    package let username: [UInt8]
    /// Whose quota it counts in, and so the realm.
    package let quotaHolder: QuotaHolder
    /// The long-term key that authenticated the Allocate; empty when the server runs without authentication.
    let key: [UInt8]
    /// How that key was made.
    let algorithm: PasswordAlgorithm
    /// The last second at which the token with the key is good (RFC 7635); nil where there was none.
    let tokenExpiry: Int64?
    /// ORIGIN of the Allocate, canonical; empty where there was none, nil where nobody looked at it.
    let origin: [UInt8]?
}

extension AllocationOwner {
    /// The user who made an allocation, with a newer key; the quota stays where it was counted.
    init(_ user: Identity, of owner: AllocationOwner) {
        self.init(
            username: owner.username, quotaHolder: owner.quotaHolder, key: user.key, algorithm: user.algorithm,
            tokenExpiry: user.tokenExpiry, origin: owner.origin)
    }

    init(_ user: Identity) {
        self.init(
            username: user.username, quotaHolder: user.quotaHolder, key: user.key, algorithm: user.algorithm,
            tokenExpiry: user.tokenExpiry, origin: user.origin)
    }

    /// Whether a later request comes from the user who made the allocation (RFC 8656 §5).
    func isSame(as user: Identity) -> Bool {
        username == user.username && quotaHolder.realm == user.quotaHolder.realm
    }
}
