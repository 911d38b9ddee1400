package import Timing

/// How many payload bytes per second a session may carry, each way.
package struct BandwidthLimits: Sendable {
    /// By itself (`max-bps`).
    package var session = ByteRate.unlimited
    /// Together with all other sessions of its user (`max-bps-per-user`).
    package var user = ByteRate.unlimited
    /// Where those are counted together; nil without a limit on users.
    var shared: UserBuckets?

    /// Whether anything is limited.
    package var isLimited: Bool { !session.isUnlimited || !user.isUnlimited }
}
