import Relay
import Timing

/// When to give a sign of life: four times in an interval, so that one late answer does no harm, and only when every worker
/// has answered since the sign before. A worker that hangs so ends in a restart, though the main thread is well.
struct Watchdog {
    private let intervalNanoseconds: UInt64
    private var due: Instant
    private var roll: RollCall?

    /// A watchdog that barks after so many microseconds without a sign. The first roll is called at once.
    init(microseconds: UInt64, start: Instant) {
        let (quarter, overflow) = microseconds.multipliedReportingOverflow(by: 250)
        intervalNanoseconds = overflow ? .max : max(quarter, 1_000_000)
        due = start
    }

    /// How long until `isDue` is to be asked again.
    func waitMilliseconds(now: Instant) -> Int {
        now >= due ? 0 : Int(clamping: due.nanoseconds(since: now) / 1_000_000 + 1)
    }

    /// Whether the time has come and the roll was answered by all; then the next roll is called.
    mutating func isDue(now: Instant, callRoll: () -> RollCall) -> Bool {
        guard now >= due else { return false }
        due = now.adding(nanoseconds: intervalNanoseconds)
        guard let answered = roll?.isComplete else {
            roll = callRoll()
            return false
        }
        if answered { roll = callRoll() }
        return answered
    }
}
