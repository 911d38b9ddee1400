/// What a run has found: the one source of the summary, of JSON, CSV and HTML.
package struct LoadReport: Codable, Sendable {
    /// One direction of the relayed data.
    package struct Direction: Codable, Sendable {
        package var offeredPackets = 0
        package var offeredPacketsPerSecond = 0.0
        package var offeredBitsPerSecond = 0.0
        package var deliveredPackets = 0
        package var deliveredPacketsPerSecond = 0.0
        package var deliveredBitsPerSecond = 0.0
        package var lostPackets = 0
        /// The lost part of the offered, in percent.
        package var lossPercent = 0.0
        package var reorderedPackets = 0
        package var latency = Distribution()
    }

    /// Requests, or the set-up of sessions.
    package struct Requests: Codable, Sendable {
        package var begun = 0
        package var succeeded = 0
        package var perSecond = 0.0
        /// How often each error code came; "0" stands for no answer.
        package var failures: [String: Int] = [:]
        /// Allocations that the server forgot before their time.
        package var lostAllocations = 0
        package var latency = Distribution()
    }

    /// What the server's process used.
    package struct Server: Codable, Sendable {
        /// While measuring.
        package var cpuSeconds = 0.0
        package var processors = 0.0
        /// The part spent in the server's own code, in percent.
        package var userPercent = 0.0
        package var microsecondsPerPacket: Double?
        package var microsecondsPerRequest: Double?
        /// Before the first client, with all sessions, and after the last.
        package var residentBytesBefore = 0
        package var residentBytesSetUp = 0
        package var residentBytesAfter: Int?
        package var residentBytesPerAllocation: Double?
        /// By how much memory grew while measuring; nil for runs of a few seconds, of which nothing can be said.
        package var residentBytesPerMinute: Double?
        /// Open files and sockets at the same times.
        package var descriptorsBefore: Int?
        package var descriptorsSetUp: Int?
        package var descriptorsAfter: Int?
    }

    /// What the load itself cost, by which to judge the rest.
    package struct Generator: Codable, Sendable {
        package var processors = 0.0
        /// By how much packets left later than planned.
        package var lag = Distribution()
        /// Packets that this machine refused to send.
        package var refusedPackets = 0
        /// Why the load and not the server may have been the limit; nil if it was not.
        package var limit: String?
    }

    package var scenario: String
    package var server: String
    package var sessions: Int
    package var seconds: Double
    package var requests = Requests()
    /// Nil where no data is relayed.
    package var up: Direction?
    package var down: Direction?
    /// Both directions together; nil where no data is relayed.
    package var relayLatency: Distribution?
    package var process: Server?
    package var generator = Generator()
    package var samples: [LoadSample] = []

    /// The latency of what the run is about: packets, or requests.
    package var latency: Distribution { relayLatency ?? requests.latency }

    /// Packets delivered while measuring, both directions, each second.
    package var deliveredPacketsPerSecond: Double {
        (up?.deliveredPacketsPerSecond ?? 0) + (down?.deliveredPacketsPerSecond ?? 0)
    }
}
