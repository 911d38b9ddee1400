/// The keys that may have made a request's integrity.
struct CandidateKeys {
    /// The keys, in the order to try them.
    let keys: [[UInt8]]
    /// Whose allocation the key was kept with; nil where it comes from the accounts.
    var holder: QuotaHolder?
    /// When the token that brought the key is over; nil for users with a password.
    var tokenExpiry: Int64?
}
