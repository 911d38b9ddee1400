import Timing

/// When a request is sent again and when it is given up (RFC 8489 §6.2.1, §6.2.2): over UDP seven times with doubling
/// pauses from 500 ms on, over a stream once; the end comes after 39.5 seconds in both.
struct RetransmissionSchedule: Sendable {
    /// When to act next.
    private(set) var due: Instant
    private var pauseMilliseconds: UInt32
    private var transmissionsLeft: Int
    private let lastPauseMilliseconds: UInt32

    /// A schedule whose first transmission is due at once.
    init(isStream: Bool, at now: Instant, retransmissionTimeoutMilliseconds timeout: UInt32 = 500) {
        due = now
        pauseMilliseconds = timeout
        transmissionsLeft = isStream ? 1 : 7
        lastPauseMilliseconds = isStream ? 39_500 : timeout * 16
    }

    /// Takes the step that is due: true when the request is to be sent, false when it is to be given up.
    mutating func step(at now: Instant) -> Bool {
        guard transmissionsLeft > 0 else { return false }
        transmissionsLeft -= 1
        due = now.adding(milliseconds: transmissionsLeft == 0 ? lastPauseMilliseconds : pauseMilliseconds)
        pauseMilliseconds *= 2
        return true
    }
}
