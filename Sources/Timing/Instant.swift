/// A reading of the monotonic clock, in nanoseconds since an arbitrary start. Lifetimes are counted with it, so a step
/// of the wall clock moves none of them.
@frozen
public struct Instant: Hashable, Comparable, Sendable, BitwiseCopyable {
    /// Nanoseconds since the clock's start.
    public let nanoseconds: UInt64

    /// Wraps a reading.
    @inlinable
    public init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    /// Before every other instant.
    @inlinable public static var distantPast: Instant { Instant(nanoseconds: 0) }
    /// After every other instant.
    @inlinable public static var distantFuture: Instant { Instant(nanoseconds: .max) }

    /// The instant `seconds` later, held at the end of time when the sum would not fit.
    @inlinable
    public func adding(seconds: UInt32) -> Instant {
        adding(nanoseconds: UInt64(seconds) * 1_000_000_000)
    }

    /// The instant `milliseconds` later, held at the end of time when the sum would not fit.
    @inlinable
    public func adding(milliseconds: UInt32) -> Instant {
        adding(nanoseconds: UInt64(milliseconds) * 1_000_000)
    }

    /// The instant `nanoseconds` later, held at the end of time when the sum would not fit.
    @inlinable
    public func adding(nanoseconds other: UInt64) -> Instant {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(other)
        return Instant(nanoseconds: overflow ? .max : sum)
    }

    /// Nanoseconds from `earlier` to here; zero when `earlier` is later.
    @inlinable
    public func nanoseconds(since earlier: Instant) -> UInt64 {
        nanoseconds > earlier.nanoseconds ? nanoseconds - earlier.nanoseconds : 0
    }

    /// Whole seconds from here until `later`, rounded up; zero when it has passed.
    @inlinable
    public func secondsUntil(_ later: Instant) -> UInt32 {
        let gap = later.nanoseconds(since: self)
        let seconds = gap / 1_000_000_000 + (gap % 1_000_000_000 == 0 ? 0 : 1)
        return UInt32(clamping: seconds)
    }

    /// Whether `left` comes first.
    @inlinable
    public static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }
}
