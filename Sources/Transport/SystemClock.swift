import Glibc
package import Timing

/// The clocks of the machine. A worker reads them once per wake-up and passes the moment down.
package enum SystemClock {
    /// The monotonic clock.
    package static func instant() -> Instant {
        let time = read(CLOCK_MONOTONIC)
        return Instant(nanoseconds: UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec))
    }

    /// The monotonic clock, and the wall clock to the second.
    package static func moment() -> Moment {
        Moment(instant: instant(), unixSeconds: Int64(read(CLOCK_REALTIME_COARSE).tv_sec))
    }

    private static func read(_ clock: clockid_t) -> timespec {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return time
    }
}
