/// One second of a run: a line of progress, and a point of the plots.
package struct LoadSample: Codable, Sendable {
    /// Seconds since the run began.
    package var second = 0.0
    /// Whether this second is part of the result.
    package var isMeasured = false
    /// Clients that hold an allocation.
    package var sessions = 0
    /// Cycles that ended well, each second.
    package var requestsPerSecond = 0.0
    /// Packets offered and delivered, each second.
    package var offeredPerSecond = 0.0
    package var deliveredPerSecond = 0.0
    /// Latency of the requests or of the packets, in microseconds.
    package var median = 0.0
    package var percentile99 = 0.0
    /// Processors kept busy by the server, and by this program.
    package var serverProcessors: Double?
    package var ownProcessors = 0.0
    /// The server's resident memory.
    package var serverResidentBytes: Int?
}
