import Timing

/// How many log records clients may cause at will: a million bad logins, or refreshes, must not fill the disk.
struct HostileRecordLimit: Sendable {
    /// What is to be done with a record.
    enum Decision: Equatable {
        /// Write it; before it, say how many were left out, if any.
        case write(afterSuppressing: UInt64)
        /// Leave it out.
        case suppress
    }

    /// Records of one worker in one second.
    static let recordsPerSecond = 50

    private var second: UInt64 = 0
    private var written = 0
    private var suppressed: UInt64 = 0

    /// Decides about one record.
    mutating func admit(now: Instant) -> Decision {
        let current = now.nanoseconds / 1_000_000_000
        if current != second {
            second = current
            written = 0
        }
        guard written < Self.recordsPerSecond else {
            suppressed += 1
            return .suppress
        }
        written += 1
        defer { suppressed = 0 }
        return .write(afterSuppressing: suppressed)
    }
}
