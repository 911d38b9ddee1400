internal import Glibc

/// A moment of the wall clock, written as ISO 8601 in UTC with milliseconds: `2026-08-02T17:32:31.297Z`.
package struct LogTime: CustomStringConvertible {
    /// Seconds since 1970-01-01 UTC.
    package let unixSeconds: Int64
    /// 0 to 999.
    package let milliseconds: Int64

    /// Joins the two parts.
    package init(unixSeconds: Int64, milliseconds: Int64) {
        self.unixSeconds = unixSeconds
        self.milliseconds = milliseconds
    }

    /// The present.
    package static func now() -> LogTime {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return LogTime(unixSeconds: Int64(time.tv_sec), milliseconds: Int64(time.tv_nsec / 1_000_000))
    }

    package var description: String {
        let day = Self.floorDivide(unixSeconds, 86_400)
        let second = (unixSeconds % 86_400 + 86_400) % 86_400
        let (year, month, dayOfMonth) = Self.civilDate(daysSince1970: day)
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(dayOfMonth, 2))"
            + "T\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))"
            + ".\(padded(milliseconds, 3))Z"
    }

    /// The Gregorian date. Years are counted from March, which puts the leap day at their end, in eras of 400 years.
    private static func civilDate(daysSince1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468  // days since 0000-03-01
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }

    private static func floorDivide(_ number: Int64, _ divisor: Int64) -> Int64 {
        let quotient = number / divisor
        return number % divisor < 0 ? quotient - 1 : quotient
    }

    private func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
