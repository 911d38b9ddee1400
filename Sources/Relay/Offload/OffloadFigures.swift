package import TURN

/// What a worker has to say about the channels that are relayed without it.
package struct OffloadFigures: Sendable {
    /// How many there are.
    package var channels = 0
    /// What they have carried since the start; part of the traffic of their sessions.
    package var traffic = Traffic()
    /// Datagrams of theirs that were thrown away because a session had used up its rate.
    package var dropped: UInt64 = 0
    /// Channels that the kernel would not take, or had no room or no route for: the server relays them itself.
    package var refused: UInt64 = 0

    /// None yet.
    package init() {}

    /// Adds those of another worker.
    package mutating func add(_ other: OffloadFigures) {
        channels += other.channels
        traffic.add(other.traffic)
        dropped &+= other.dropped
        refused &+= other.refused
    }
}
