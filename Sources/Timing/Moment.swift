/// The time as the protocol sees it: the monotonic clock for lifetimes, and the wall clock for what is shared with other
/// machines (nonces of a fleet, expiry of REST credentials). Read once per wake-up and passed down.
@frozen
public struct Moment: Sendable, BitwiseCopyable {
    /// The monotonic clock.
    public var instant: Instant
    /// Seconds since 1970-01-01 UTC.
    public var unixSeconds: Int64

    /// Joins the two readings.
    @inlinable
    public init(instant: Instant, unixSeconds: Int64) {
        self.instant = instant
        self.unixSeconds = unixSeconds
    }
}
