/// How the requests of the clients went: cycles of Binding or Allocate, and the set-up of sessions.
struct CycleFigures: Sendable {
    /// Cycles begun, over the whole run.
    var begun = 0
    /// Clients that got what they asked for, over the whole run.
    var succeeded = 0
    /// Those while measuring.
    var succeededWhileMeasuring = 0
    /// Cycles that were freed in good order.
    var finished = 0
    /// Failures by error code; 0 stands for no answer.
    var failures: [UInt16: Int] = [:]
    /// From when a cycle was to begin until the client had what it asked for.
    var latency = LatencyHistogram()
    /// The same, since the last progress line.
    var recent = LatencyHistogram()
    /// Allocations that a server forgot before their time.
    var lost = 0

    /// Forgets what was measured; what counts the whole run stays.
    mutating func forgetMeasured() {
        guard succeededWhileMeasuring > 0 else { return }
        succeededWhileMeasuring = 0
        latency.reset()
    }
}
