import Timing
import Transport

// The course of a run: set up, warm up, measure, drain, tear down.

extension LoadLoop where Links: ~Copyable {
    /// Runs the plan from beginning to end.
    mutating func run() throws(LoadError) {
        do throws(SystemError) {
            record.start = mark()
            try setUp()
        } catch {
            throw .system(error)
        }
        guard roster.failed < plan.sessions else { throw .nothingWorks(cycles.failures) }
        do throws(SystemError) {
            record.setUp = mark()
            try measure()
            try tearDown()
            record.end = mark()
        } catch {
            throw .system(error)
        }
        guard cycles.succeeded > 0 else { throw .nothingWorks(cycles.failures) }
    }

    private mutating func measure() throws(SystemError) {
        try turns(for: plan.warmUpSeconds)
        record.measuredFrom = mark()
        traffic.figures.begin(at: now.nanoseconds)
        try turns(for: plan.durationSeconds)
        traffic.figures.end(at: now.nanoseconds)
        record.measuredUntil = mark()
    }

    private mutating func mark() -> RunRecord.Mark {
        now = SystemClock.instant()
        return RunRecord.Mark(at: now, watched)
    }

    private mutating func turns(for seconds: Double) throws(SystemError) {
        let deadline = SystemClock.instant().adding(nanoseconds: UInt64(seconds * 1e9))
        while SystemClock.instant() < deadline { try turn(until: deadline) }
    }

    private mutating func setUp() throws(SystemError) {
        while !roster.isSetUp { try turn(until: .distantFuture) }
    }

    /// Stops the load, waits for what is still on its way, and frees all allocations.
    private mutating func tearDown() throws(SystemError) {
        isStarting = false
        isSending = false
        traffic.stopAll()
        try turns(for: 0.3)
        let holders = clients.indices.filter { clients[$0].isHolding }
        let deadline = SystemClock.instant().adding(seconds: 5)
        // In portions, lest the server's buffer overflow.
        for slot in holders {
            while busyCount >= plan.concurrentSetUps, now < deadline { try turn(until: now.adding(milliseconds: 5)) }
            free(slot)
        }
        while busyCount > 0, now < deadline { try turn(until: deadline) }
    }

    private var busyCount: Int { clients.count { $0.isWaiting } }
}
