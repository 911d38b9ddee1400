import Addressing
import Tables
import Timing

/// Limits the error replies to unauthenticated requests, by source address (IPv6: by /64). A spoofed source makes the
/// server answer a victim; this bounds how often.
///
/// A fixed number of token buckets, picked by a keyed hash. Sources that fall into one bucket share its tokens, so that a
/// collision can only make replies fewer.
struct ReplyLimiter: ~Copyable {
    struct Bucket: BitwiseCopyable {
        /// When the bucket would be full again.
        var fullAt: Instant
    }

    private static let bucketCount = 4096

    private var buckets = GrowableBuffer<Bucket>(repeating: Bucket(fullAt: .distantPast), count: bucketCount)
    private let seed: HashSeed
    private var nanosecondsPerReply: UInt64 = 0
    private var capacityNanoseconds: UInt64 = 0

    init(repliesPerSecond: UInt32, burst: UInt32, seed: HashSeed) {
        self.seed = seed
        limit(repliesPerSecond: repliesPerSecond, burst: burst)
    }

    /// Sets another limit. What sources have used up of the old one counts on.
    mutating func limit(repliesPerSecond: UInt32, burst: UInt32) {
        nanosecondsPerReply = repliesPerSecond == 0 ? 0 : 1_000_000_000 / UInt64(repliesPerSecond)
        capacityNanoseconds = nanosecondsPerReply * UInt64(max(burst, 1))
    }

    /// Takes one token of a source; false when it has none left.
    mutating func admits(_ source: IPAddress, now: Instant) -> Bool {
        guard nanosecondsPerReply > 0 else { return true }
        let prefix = source.family == .ipv4 ? source.low : source.high
        let place = Int(seed.hash(prefix, UInt64(source.family.rawValue)) % UInt64(Self.bucketCount))
        // The time until the bucket is full measures what is missing from it.
        let fullAt = max(buckets[place].fullAt, now).adding(nanoseconds: nanosecondsPerReply)
        guard fullAt.nanoseconds(since: now) <= capacityNanoseconds else { return false }
        buckets[place].fullAt = fullAt
        return true
    }
}
