/// Who sent a request that passed the long-term credential check (RFC 8489 §9.2.4).
struct Identity {
    /// USERNAME, byte for byte.
    let username: [UInt8]
    /// The name the user's quota counts under.
    let quotaName: [UInt8]
    /// The key that fits, for the integrity of the reply.
    let key: [UInt8]
    /// Whether the request carried MESSAGE-INTEGRITY-SHA256, and the reply does too.
    let usesSHA256: Bool
}
