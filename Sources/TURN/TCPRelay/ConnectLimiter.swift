import Tables
import Timing

/// Limits the connections that a user begins to peers: without it the answers to Connect would make a fast scanner of
/// ports.
struct ConnectLimiter: ~Copyable {
    private var buckets = TokenBuckets()
    private let seed: HashSeed

    /// So many in a minute, and as many at once; zero is no limit.
    init(connectsPerMinute: UInt32, seed: HashSeed) {
        self.seed = seed
        limit(connectsPerMinute: connectsPerMinute)
    }

    /// Sets another limit. What users have used up of the old one counts on.
    mutating func limit(connectsPerMinute: UInt32) {
        buckets.limit(
            nanosecondsPerToken: connectsPerMinute == 0 ? 0 : 60_000_000_000 / UInt64(connectsPerMinute),
            burst: connectsPerMinute)
    }

    /// Takes one token of a user; false when there is none left.
    mutating func admits(_ user: QuotaHolder, now: Instant) -> Bool {
        let hash = (user.realm + user.name).reduce(UInt64(user.name.count)) { seed.hash($0, UInt64($1)) }
        return buckets.take(hash, now: now)
    }
}
