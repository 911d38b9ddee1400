/// A reading of the monotonic clock, in nanoseconds since an arbitrary start. Lifetimes are counted with it, so a step
/// of the wall clock moves none of them.
package struct Instant: Hashable, Comparable, Sendable, BitwiseCopyable {
    /// Nanoseconds since the clock's start.
    package let nanoseconds: UInt64

    /// Wraps a reading.
    @inlinable
    package init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    /// Before every other instant.
    package static let distantPast = Instant(nanoseconds: 0)
    /// After every other instant.
    package static let distantFuture = Instant(nanoseconds: .max)

    /// The instant `seconds` later, held at the end of time when the sum would not fit.
    @inlinable
    package func adding(seconds: UInt32) -> Instant {
        adding(nanoseconds: UInt64(seconds) * 1_000_000_000)
    }

    /// The instant `milliseconds` later, held at the end of time when the sum would not fit.
    @inlinable
    package func adding(milliseconds: UInt32) -> Instant {
        adding(nanoseconds: UInt64(milliseconds) * 1_000_000)
    }

    /// The instant `nanoseconds` later, held at the end of time when the sum would not fit.
    @inlinable
    package func adding(nanoseconds other: UInt64) -> Instant {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(other)
        return Instant(nanoseconds: overflow ? .max : sum)
    }

    /// Nanoseconds from `earlier` to here; zero when `earlier` is later.
    @inlinable
    package func nanoseconds(since earlier: Instant) -> UInt64 {
        nanoseconds > earlier.nanoseconds ? nanoseconds - earlier.nanoseconds : 0
    }

    /// Whole seconds from here until `later`, rounded up; zero when it has passed.
    @inlinable
    package func secondsUntil(_ later: Instant) -> UInt32 {
        let gap = later.nanoseconds(since: self)
        let seconds = gap / 1_000_000_000 + (gap % 1_000_000_000 == 0 ? 0 : 1)
        return UInt32(clamping: seconds)
    }

    @inlinable
    package static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }
}
