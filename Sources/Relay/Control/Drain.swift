package import Timing

/// A drain under way: no new sessions, and the end when the last is gone.
package struct Drain: Sendable {
    /// How many sessions there were when it began.
    package let sessionsAtStart: Int
    /// When it began, in seconds since 1970-01-01 UTC.
    package let startedAt: Int64
    /// When whatever is left is ended; nil to wait for the last session.
    package var deadline: Moment?

    /// Whether the server is to end.
    func isOver(sessions: Int, now: Instant) -> Bool {
        sessions == 0 || now >= deadline?.instant ?? .distantFuture
    }
}
