import Transport

/// The wall clock with fractions of a second.
enum WallClock {
    /// Seconds since 1970-01-01 UTC.
    static func now() -> Double { SystemClock.unixTime() }
}
