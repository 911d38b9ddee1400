package import Timing

/// Decides how long a worker leaves its sockets alone before it looks at them again (`moderation=adaptive`).
///
/// Waking up costs more than relaying a packet. Under medium load a worker wakes for a few packets at a time; if it waits a
/// little, more of them share the turn. No packet waits longer than `delay`: a turn that begins with the oldest one begins
/// at most so long after the last.
///
/// There is no wait where it would not pay:
/// - while fewer than `busyRate` packets a second come, measured over `span`. A lone packet never waits;
/// - after a turn that carried `fullTurn` packets: what is saved is shared by so many already, and a worker close to its
///   limit has no time to lose.
package struct Moderation: Sendable {
    /// The longest that a packet waits, in nanoseconds.
    package let delay: UInt64

    /// Packets a second from which on waiting pays.
    package static var busyRate: UInt64 { 4_000 }
    /// Packets in one turn from which on waiting does not pay any more.
    package static var fullTurn: Int { 32 }
    /// How long packets are counted before their rate is told, in nanoseconds. Longer than the pause between two frames
    /// of a video, whose packets come all together.
    package static var span: UInt64 { 50_000_000 }

    private var spanStart: Instant
    private var packets: UInt64 = 0
    private var isBusy = false

    /// Nothing has come yet.
    package init(delay: UInt64, start: Instant) {
        self.delay = delay
        spanStart = start
    }

    /// The time until which to wait after a turn that began at `now` and carried so many packets; nil not to wait.
    package mutating func pause(after packets: Int, at now: Instant) -> Instant? {
        self.packets &+= UInt64(packets)
        let elapsed = now.nanoseconds(since: spanStart)
        if elapsed >= Self.span {
            // So many packets a second as would give this count in this time, without a product that can overflow.
            isBusy = self.packets >= Self.busyRate &* (elapsed / 1_000) / 1_000_000
            spanStart = now
            self.packets = 0
        }
        guard isBusy, packets > 0, packets < Self.fullTurn else { return nil }
        return now.adding(nanoseconds: delay)
    }
}
