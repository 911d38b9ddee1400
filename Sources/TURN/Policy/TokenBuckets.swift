import Tables
import Timing

/// Limits how often something happens on account of whoever may cause it: a fixed number of token buckets, picked by a
/// keyed hash. Causes that fall into one bucket share its tokens, so that a collision can only make it happen less often.
struct TokenBuckets: ~Copyable {
    private static let bucketCount = 4096

    /// What is in a bucket is what was taken and has not come back yet.
    private var buckets = GrowableBuffer<LeakyBucket>(repeating: LeakyBucket(), count: bucketCount)
    private var nanosecondsPerToken: UInt64 = 0
    private var capacityNanoseconds: UInt64 = 0

    /// Full buckets hold `burst` tokens and get a new one every `nanosecondsPerToken`; zero is no limit. What was used up
    /// under an earlier limit counts on.
    mutating func limit(nanosecondsPerToken: UInt64, burst: UInt32) {
        self.nanosecondsPerToken = nanosecondsPerToken
        capacityNanoseconds = nanosecondsPerToken * UInt64(max(burst, 1))
    }

    /// The same with so many tokens a second; zero is no limit.
    mutating func limit(perSecond: UInt32, burst: UInt32) {
        limit(nanosecondsPerToken: perSecond == 0 ? 0 : 1_000_000_000 / UInt64(perSecond), burst: burst)
    }

    /// Takes one token from the bucket of a hash; false when it has none left.
    mutating func take(_ hash: UInt64, now: Instant) -> Bool {
        guard nanosecondsPerToken > 0 else { return true }
        let place = Int(hash % UInt64(Self.bucketCount))
        guard
            let bucket = buckets[place].adding(
                nanoseconds: nanosecondsPerToken, capacityNanoseconds: capacityNanoseconds, now: now)
        else { return false }
        buckets[place] = bucket
        return true
    }
}
