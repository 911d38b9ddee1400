import STUN

/// What is kept of a Connect request until the peer has answered: all that the reply needs.
struct ConnectRequest {
    let transactionID: TransactionID
    /// Who sent it.
    let user: Identity
    /// Whether it carried FINGERPRINT.
    let hasFingerprint: Bool

    /// Who the reply is protected for; nil where nobody authenticates.
    var identity: Identity? { user.key.isEmpty ? nil : user }
}
