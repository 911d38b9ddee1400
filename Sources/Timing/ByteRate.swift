/// So many bytes per second, with a second's worth in one burst: what a byte costs in the time of a `LeakyBucket`.
@frozen
public struct ByteRate: Hashable, Sendable, BitwiseCopyable {
    /// What fits into the bucket: bytes of one second.
    @inlinable public static var burstNanoseconds: UInt64 { 1_000_000_000 }

    /// No limit.
    @inlinable public static var unlimited: ByteRate { ByteRate(bytesPerSecond: 0) }

    /// Nanoseconds that a byte takes, times 65536; zero where nothing limits it.
    public let byteCost: UInt64

    /// A rate; zero or less is no limit. It is kept to a thousandth up to 60 gigabytes, and grows coarse beyond that.
    @inlinable
    public init(bytesPerSecond: Int) {
        byteCost = bytesPerSecond > 0 ? max(1, Self.burstNanoseconds << 16 / UInt64(bytesPerSecond)) : 0
    }

    /// Whether there is no limit.
    @inlinable public var isUnlimited: Bool { byteCost == 0 }

    /// How long so many bytes take, in whole nanoseconds, held at the end of time when it would not fit.
    @inlinable
    public func nanoseconds(for byteCount: Int) -> UInt64 {
        let product = UInt64(clamping: byteCount).multipliedFullWidth(by: byteCost)
        return product.high >> 16 == 0 ? product.high << 48 | product.low >> 16 : .max
    }

    /// How many bytes fit into a bucket now; all that there are where there is no limit.
    @inlinable
    public func room(in bucket: LeakyBucket, now: Instant) -> Int {
        guard byteCost > 0 else { return .max }
        let filled = bucket.emptyAt.nanoseconds(since: now)
        guard filled < Self.burstNanoseconds else { return 0 }
        return Int(clamping: ((Self.burstNanoseconds - filled) << 16) / byteCost)
    }

    /// The bucket with so many bytes more in it; nil when they do not fit.
    @inlinable
    public func pour(_ byteCount: Int, into bucket: LeakyBucket, now: Instant) -> LeakyBucket? {
        bucket.adding(
            nanoseconds: nanoseconds(for: byteCount), capacityNanoseconds: Self.burstNanoseconds, now: now)
    }
}
