/// What was offered and what was delivered, in each direction. Only packets that were to leave within the measured time
/// count towards loss and latency; only arrivals within it count towards throughput.
struct TrafficFigures: Sendable {
    /// One direction.
    struct Direction: Sendable {
        var offered = 0
        var offeredBytes = 0
        var delivered = 0
        var deliveredBytes = 0
        var reordered = 0
        var latency = LatencyHistogram()
    }

    var up = Direction()
    var down = Direction()
    /// Arrivals while measuring, both directions.
    private(set) var arrivals = 0
    /// All that left and arrived, measured or not.
    private(set) var allDepartures = 0
    private(set) var allArrivals = 0
    /// By how much the load was sent later than planned.
    private(set) var lag = LatencyHistogram()
    /// The arrivals since the last progress line.
    var recent = LatencyHistogram()

    /// The latency of both directions together.
    var latency: LatencyHistogram {
        var both = up.latency
        both.add(down.latency)
        return both
    }

    private var from = UInt64.max
    private var until = UInt64.max

    /// Begins to measure.
    mutating func begin(at nanoseconds: UInt64) { from = nanoseconds }

    /// Ends the measured time; late arrivals of what was sent in it still count as delivered.
    mutating func end(at nanoseconds: UInt64) { until = nanoseconds }

    private func isMeasured(_ nanoseconds: UInt64) -> Bool { nanoseconds >= from && nanoseconds < until }

    /// Notes how late a packet leaves.
    mutating func noteLag(_ nanoseconds: UInt64) {
        if from != .max, until == .max { lag.record(nanoseconds) }
    }

    /// Notes a packet that leaves.
    mutating func noteSent(_ stream: MediaStream, intended: UInt64) {
        allDepartures += 1
        guard isMeasured(intended) else { return }
        modify(stream.direction) {
            $0.offered += 1
            $0.offeredBytes += stream.payloadByteCount
        }
    }

    /// Notes a packet that has arrived.
    mutating func noteArrived(_ stream: MediaStream, intended: UInt64, now: UInt64, isReordered: Bool) {
        let latency = now > intended ? now - intended : 0
        allArrivals += 1
        recent.record(latency)
        if isMeasured(now) { arrivals += 1 }
        guard isMeasured(intended) else { return }
        modify(stream.direction) {
            $0.delivered += 1
            $0.deliveredBytes += stream.payloadByteCount
            $0.reordered += isReordered ? 1 : 0
            $0.latency.record(latency)
        }
    }

    private mutating func modify(_ direction: MediaStream.Direction, _ change: (inout Direction) -> Void) {
        switch direction {
        case .up: change(&up)
        case .down: change(&down)
        }
    }
}
