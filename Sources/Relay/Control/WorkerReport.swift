package import TURN
package import Transport

/// Everything a worker has counted since its start, and what it holds.
package struct WorkerReport: Sendable {
    /// Sessions and traffic, by transport and family.
    package let tally: SessionTally
    /// Permissions held.
    package let permissions: Int
    /// Channels held.
    package let channels: Int
    /// TCP connections, with and without TLS.
    package let connections: Int
    /// DTLS clients.
    package let datagramSessions: Int
    /// Frames not sent to TCP clients that read too slowly.
    package let backlogDrops: UInt64
    /// What was thrown away, by reason.
    package let drops: DropCounters
    /// How requests were answered.
    package let requests: RequestCounters
    /// Connections, handshakes, receiving errors.
    package let counters: WorkerCounters
    /// What became of datagrams sent.
    package let sends: SendCounters
    /// The channels that the kernel relays, and what they have carried.
    package let offload: OffloadFigures
    /// What happened, by kind.
    package let events: EventCounters
    /// How the turns of the loop went.
    package let load: WorkerLoad
}
