/// What a realm may have of its own (turn_realm_option), each a number of which 0 is no limit.
package enum RealmOption: String, Sendable, CaseIterable {
    /// Bytes per second of one session.
    case maximumBytesPerSecond = "max-bps"
    /// Allocations of all users at a time.
    case totalQuota = "total-quota"
    /// Allocations of one user at a time.
    case userQuota = "user-quota"
}
