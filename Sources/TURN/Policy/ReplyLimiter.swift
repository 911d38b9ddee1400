import Addressing
import Tables
import Timing

/// Limits the error replies to unauthenticated requests, by source address (IPv6: by /64). A spoofed source makes the
/// server answer a victim; this bounds how often.
struct ReplyLimiter: ~Copyable {
    private var buckets = TokenBuckets()
    private let seed: HashSeed

    init(repliesPerSecond: UInt32, burst: UInt32, seed: HashSeed) {
        self.seed = seed
        limit(repliesPerSecond: repliesPerSecond, burst: burst)
    }

    /// Sets another limit. What sources have used up of the old one counts on.
    mutating func limit(repliesPerSecond: UInt32, burst: UInt32) {
        buckets.limit(perSecond: repliesPerSecond, burst: burst)
    }

    /// Takes one token of a source; false when it has none left.
    mutating func admits(_ source: IPAddress, now: Instant) -> Bool {
        let prefix = SourcePrefix(source)
        return buckets.take(seed.hash(prefix.bits, UInt64(prefix.family.rawValue)), now: now)
    }
}
