package import TURN
package import Timing

extension WorkerHost {
    package var offloadsChannels: Bool { offloaded != nil }

    package mutating func offload(
        _ channel: EstablishedChannel, until end: Instant, now: Instant
    ) -> ChannelOffload? {
        offloaded?.offload(channel, until: end, now: now) ?? nil
    }

    package mutating func keep(_ offload: ChannelOffload, until end: Instant) {
        offloaded?.keep(offload, until: end)
    }

    package mutating func takeBack(_ offload: ChannelOffload, now: Instant) -> Traffic {
        offloaded?.takeBack(offload, now: now) ?? Traffic()
    }
}
