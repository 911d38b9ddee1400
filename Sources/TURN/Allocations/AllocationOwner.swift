import Cryptography

/// Who made an allocation. RFC 8656 §5 ties every later request to the same user; §6 has the server keep the key, so that
/// a session outlives the moment at which its REST credential would no longer open a new one.
package struct AllocationOwner: Sendable {
    /// USERNAME, byte for byte.
    package let username: [UInt8]
    /// The name its quota counts under.
    package let quotaName: [UInt8]
    /// The long-term key that authenticated the Allocate; empty when the server runs without authentication.
    let key: [UInt8]
    /// How that key was made.
    let algorithm: PasswordAlgorithm
    /// The last second at which the token with the key is good (RFC 7635); nil where there was none.
    let tokenExpiry: Int64?
}

extension AllocationOwner {
    /// The user who made an allocation, with a newer key; the quota stays where it was counted.
    init(_ user: Identity, of owner: AllocationOwner) {
        self.init(
            username: owner.username, quotaName: owner.quotaName, key: user.key, algorithm: user.algorithm,
            tokenExpiry: user.tokenExpiry)
    }

    init(_ user: Identity) {
        self.init(
            username: user.username, quotaName: user.quotaName, key: user.key, algorithm: user.algorithm,
            tokenExpiry: user.tokenExpiry)
    }
}
