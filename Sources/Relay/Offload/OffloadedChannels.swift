import Addressing
import Offload
import STUN
import TURN
import Tables
import Timing

/// The channels of a worker that are relayed without its engine, and what they have carried.
struct OffloadedChannels<Relay: RelayOffload & ~Copyable>: ~Copyable {
    /// Who relays them.
    private var relay: Relay
    private var channels = Slab<OffloadedChannel>(
        blank: OffloadedChannel(allocation: AllocationID(index: .max, generation: 0), handle: .none))
    /// Where the round has come to.
    private var next: UInt32 = 0
    /// What has been told to operators.
    private(set) var figures = OffloadFigures()

    init(_ relay: consuming Relay) {
        self.relay = relay
    }

    mutating func offload(_ channel: EstablishedChannel, until end: Instant, now: Instant) -> ChannelOffload? {
        let path = OffloadedPath(
            client: channel.fiveTuple.client, server: channel.fiveTuple.server, channel: channel.number.rawValue,
            relayed: channel.relayed, peer: channel.peer)
        guard let handle = relay.bind(path, expiry: end, now: now) else {
            figures.refused += 1
            return nil
        }
        figures.channels += 1
        return ChannelOffload(
            rawValue: channels.insert(OffloadedChannel(allocation: channel.allocation, handle: handle)))
    }

    mutating func keep(_ offload: ChannelOffload, until end: Instant) {
        relay.refresh(channels[offload.rawValue].handle, expiry: end)
    }

    mutating func takeBack(_ offload: ChannelOffload, now: Instant) -> Traffic {
        relay.unbind(channels[offload.rawValue].handle, now: now)
        let traffic = carried(offload.rawValue)
        channels.remove(offload.rawValue)
        figures.channels -= 1
        return traffic
    }

    /// What the next channel has carried that the engine was not told of; nil when all have been looked at, and then the
    /// first one is next.
    mutating func nextCarried() -> (allocation: AllocationID, traffic: Traffic)? {
        while next < channels.slotCount {
            defer { next += 1 }
            if channels.isLive(next) { return (channels[next].allocation, carried(next)) }
        }
        next = 0
        return nil
    }

    /// What a channel has carried since this was asked last.
    private mutating func carried(_ index: UInt32) -> Traffic {
        let counters = relay.counters(of: channels[index].handle)
        let traffic = Traffic(counters, since: channels[index].told)
        figures.dropped &+=
            (counters.fromClient.dropped &- channels[index].told.fromClient.dropped)
            &+ (counters.fromPeer.dropped &- channels[index].told.fromPeer.dropped)
        channels[index].told = counters
        figures.traffic.add(traffic)
        return traffic
    }
}

extension Traffic {
    fileprivate init(_ counters: OffloadCounters, since earlier: OffloadCounters) {
        self.init()
        sentPackets = counters.fromClient.packets &- earlier.fromClient.packets
        sentBytes = counters.fromClient.bytes &- earlier.fromClient.bytes
        receivedPackets = counters.fromPeer.packets &- earlier.fromPeer.packets
        receivedBytes = counters.fromPeer.bytes &- earlier.fromPeer.bytes
    }
}
