import Timing

/// The times of a run and what the processes had used at each.
struct RunRecord {
    /// A moment that the report looks back to.
    struct Mark {
        var instant = Instant.distantPast
        var server: ProcessUsage?
        var ownNanoseconds: UInt64 = 0

        /// Now. Counting descriptors takes milliseconds where there are thousands: not while packets are on their way.
        init(at now: Instant, _ watched: WatchedProcess?, countsDescriptors: Bool = false) {
            instant = now
            server = watched?.usage()
            if countsDescriptors { server?.descriptors = watched?.descriptorCount() }
            ownNanoseconds = WatchedProcess.ownNanoseconds()
        }
    }

    /// Before the first client.
    var start: Mark?
    /// When all sessions stood.
    var setUp: Mark?
    /// The measured time.
    var measuredFrom: Mark?
    var measuredUntil: Mark?
    /// When all was freed.
    var end: Mark?
    /// A line for each second.
    private(set) var samples: [LoadSample] = []

    private var lastMark: Mark?
    private var lastArrivals = 0
    private var lastDepartures = 0
    private var lastSucceeded = 0

    /// Forgets what was measured; the next measured time follows.
    mutating func forgetMeasured() {
        measuredFrom = nil
        measuredUntil = nil
        lastArrivals = 0
        lastDepartures = 0
    }

    /// Whether the measured time has begun and not ended.
    var isMeasuring: Bool { measuredFrom != nil && measuredUntil == nil }

    /// A sample, when a second has passed since the last.
    mutating func sample(
        at now: Instant, cycles: inout CycleFigures, traffic: inout TrafficFigures, holding: Int,
        _ watched: WatchedProcess?
    ) -> LoadSample? {
        guard let last = lastMark ?? start, let start, now >= last.instant.adding(milliseconds: 1000) else {
            return nil
        }
        let mark = Mark(at: now, watched)
        let seconds = Double(now.nanoseconds(since: last.instant)) / 1e9
        var sample = LoadSample()
        sample.second = Double(now.nanoseconds(since: start.instant)) / 1e9
        sample.isMeasured = isMeasuring
        sample.sessions = holding
        sample.requestsPerSecond = Double(cycles.succeeded - lastSucceeded) / seconds
        sample.offeredPerSecond = Double(traffic.allDepartures - lastDepartures) / seconds
        sample.deliveredPerSecond = Double(traffic.allArrivals - lastArrivals) / seconds
        let latency = traffic.recent.count > 0 ? traffic.recent : cycles.recent
        sample.median = latency.microseconds(atPercentile: 50)
        sample.percentile99 = latency.microseconds(atPercentile: 99)
        if let before = last.server, let after = mark.server {
            sample.serverProcessors =
                Double(after.nanoseconds - min(before.nanoseconds, after.nanoseconds)) / 1e9 / seconds
            sample.serverResidentBytes = after.residentBytes
        }
        sample.ownProcessors = Double(mark.ownNanoseconds - last.ownNanoseconds) / 1e9 / seconds
        lastMark = mark
        lastArrivals = traffic.allArrivals
        lastDepartures = traffic.allDepartures
        lastSucceeded = cycles.succeeded
        traffic.recent.reset()
        cycles.recent.reset()
        samples.append(sample)
        return sample
    }
}
