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

    /// Sleeps until the monotonic clock shows `end`, or a signal comes.
    package static func sleep(until end: Instant) {
        var time = timespec(
            tv_sec: Int(end.nanoseconds / 1_000_000_000), tv_nsec: Int(end.nanoseconds % 1_000_000_000))
        unsafe clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nil)
    }

    /// The wall clock: seconds since 1970-01-01 UTC, with fractions.
    package static func unixTime() -> Double {
        let time = read(CLOCK_REALTIME)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func read(_ clock: clockid_t) -> timespec {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return time
    }
}
