import Timing
import Transport

// The course of a run: set up, then measure once or more, then tear down.

extension LoadLoop where Links: ~Copyable {
    /// Sets up all sessions that are to stand before anything is measured.
    mutating func prepare() throws(LoadError) {
        record.start = mark(countsDescriptors: true)
        do throws(SystemError) {
            while !roster.isSetUp { try turn(until: .distantFuture) }
        } catch {
            throw .system(error)
        }
        guard roster.failed < plan.sessions else { throw nothingWorks }
        record.setUp = mark(countsDescriptors: true)
    }

    /// Loads the server, measures, and waits for what is still on its way. What was measured before is forgotten.
    mutating func measure() throws(LoadError) {
        record.forgetMeasured()
        cycles.forgetMeasured()
        traffic.figures = TrafficFigures()
        do throws(SystemError) {
            traffic.resume(at: SystemClock.instant())
            (isStarting, isSending) = (true, true)
            try turns(for: plan.warmUpSeconds)
            record.measuredFrom = mark()
            traffic.figures.begin(at: now.nanoseconds)
            try turns(for: plan.durationSeconds)
            record.measuredUntil = mark()
            traffic.figures.end(at: now.nanoseconds)
            (isStarting, isSending) = (false, false)
            try turns(for: Self.drainSeconds)
        } catch {
            throw .system(error)
        }
        guard cycles.succeeded > 0 else { throw nothingWorks }
    }

    /// Why not a single client got what it wanted.
    private var nothingWorks: LoadError {
        links.firstFailure.map { .notSecure($0) } ?? .nothingWorks(cycles.failures)
    }

    /// Frees all allocations.
    mutating func tearDown() throws(LoadError) {
        isStarting = false
        isSending = false
        let holders = clients.indices.filter { clients[$0].isHolding }
        let deadline = SystemClock.instant().adding(seconds: 5)
        do throws(SystemError) {
            // In portions, lest the server's buffer overflow.
            for slot in holders {
                while busyCount >= plan.concurrentSetUps, now < deadline {
                    try turn(until: now.adding(milliseconds: 5))
                }
                free(slot)
            }
            while busyCount > 0, now < deadline { try turn(until: deadline) }
        } catch {
            throw .system(error)
        }
        record.end = mark(countsDescriptors: true)
    }

    /// How long a packet may be on its way and still count as delivered.
    private static var drainSeconds: Double { 0.2 }

    private mutating func mark(countsDescriptors: Bool = false) -> RunRecord.Mark {
        now = SystemClock.instant()
        return RunRecord.Mark(at: now, watched, countsDescriptors: countsDescriptors)
    }

    private mutating func turns(for seconds: Double) throws(SystemError) {
        let deadline = SystemClock.instant().adding(nanoseconds: UInt64(seconds * 1e9))
        while SystemClock.instant() < deadline { try turn(until: deadline) }
    }

    private var busyCount: Int { clients.count { $0.isWaiting } }
}
