/// A leaky bucket (the generic cell rate algorithm, GCRA): what is in it is told by the time it takes to run out, so that it
/// needs no refilling.
@frozen
public struct LeakyBucket: Sendable, BitwiseCopyable {
    /// When it will have run out.
    public let emptyAt: Instant

    /// A bucket that runs out at a time; without one it is empty.
    @inlinable
    public init(emptyAt: Instant = .distantPast) {
        self.emptyAt = emptyAt
    }

    /// The bucket with more in it, which takes `nanoseconds` to run out.
    @inlinable
    public func adding(nanoseconds: UInt64, now: Instant) -> LeakyBucket {
        LeakyBucket(emptyAt: max(emptyAt, now).adding(nanoseconds: nanoseconds))
    }

    /// The bucket with more in it; nil when it then holds more than what runs out in `capacityNanoseconds`.
    @inlinable
    public func adding(nanoseconds: UInt64, capacityNanoseconds: UInt64, now: Instant) -> LeakyBucket? {
        let fuller = adding(nanoseconds: nanoseconds, now: now)
        return fuller.emptyAt.nanoseconds(since: now) <= capacityNanoseconds ? fuller : nil
    }
}
