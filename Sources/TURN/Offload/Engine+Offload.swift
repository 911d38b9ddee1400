import Addressing
import Tables
import Timing

// Channels whose packets the host relays without the engine, in the kernel for example. Every decision stays here: which
// channels, and until when. A host that does not offer this is asked once for each request, and for no packet.

extension Engine {
    /// Lets the host relay the channels of an allocation as long as binding, permission and relayed address all last. To be
    /// called when any of them has begun or has got another end. A session with a limit of bandwidth keeps its packets here,
    /// where they are measured.
    mutating func offloadChannels<Host: RelayHost & ~Copyable>(of index: UInt32, now: Instant, host: inout Host) {
        let fiveTuple = allocations[index].fiveTuple
        guard host.offloadsChannels, fiveTuple.transport == .udp, allocations.find(fiveTuple) == index,
            !isAboutToMove(index)
        else { return }
        guard !allocations[index].bandwidth.isLimited else { return takeBackChannels(of: index, now: now, host: &host) }
        var slot = allocations[index].firstChannel
        while slot != Slab<ChannelBinding>.none {
            offload(slot, of: index, now: now, host: &host)
            slot = allocations.channels[slot].next
        }
    }

    private mutating func offload<Host: RelayHost & ~Copyable>(
        _ slot: UInt32, of index: UInt32, now: Instant, host: inout Host
    ) {
        let channel = allocations.channels[slot]
        guard let relayed = allocations[index][channel.peer.family],
            let permission = allocations.permissions.find(allocation: index, peer: channel.peer.ip)
        else { return }
        let end = min(channel.expiry, relayed.expiry, allocations.permissions[permission].expiry)
        if let offload = channel.offload { return host.keep(offload, until: end) }
        guard now < end else { return }
        let bound = resources.addresses[relayed.poolIndex].bound
        allocations.channels[slot].offload = host.offload(
            EstablishedChannel(
                allocation: allocations.id(of: index), fiveTuple: allocations[index].fiveTuple, number: channel.number,
                relayed: TransportAddress(bound, port: relayed.advertised.port), peer: channel.destination),
            until: end, now: now)
    }

    /// Takes the channels of an allocation back from the host: their packets come here again.
    mutating func takeBackChannels<Host: RelayHost & ~Copyable>(of index: UInt32, now: Instant, host: inout Host) {
        var slot = allocations[index].firstChannel
        while slot != Slab<ChannelBinding>.none {
            if let offload = allocations.channels[slot].offload {
                allocations[index].traffic.add(host.takeBack(offload, now: now))
                allocations.channels[slot].offload = nil
            }
            slot = allocations.channels[slot].next
        }
    }

    /// Removes the channels that satisfy `isGone`, and takes them back first.
    mutating func removeChannels<Host: RelayHost & ~Copyable>(
        of index: UInt32, now: Instant, host: inout Host, where isGone: (ChannelBinding) -> Bool
    ) {
        var carried = Traffic()
        allocations.removeChannels(of: index) { channel in
            guard isGone(channel) else { return false }
            if let offload = channel.offload { carried.add(host.takeBack(offload, now: now)) }
            return true
        }
        allocations[index].traffic.add(carried)
    }

    /// Removes the permissions and channels that satisfy `isGone`, which gets their expiry and the peer's family.
    mutating func removeEntries<Host: RelayHost & ~Copyable>(
        of index: UInt32, now: Instant, host: inout Host, where isGone: (Instant, IPAddress.Family) -> Bool
    ) {
        allocations.removePermissions(of: index) { isGone($0.expiry, $0.peer.family) }
        removeChannels(of: index, now: now, host: &host) { isGone($0.expiry, $0.peer.family) }
    }

    /// Counts what the host has relayed without the engine. An allocation that has ended has been told already.
    package mutating func count(_ carried: Traffic, on id: AllocationID) {
        guard allocations.isLive(id) else { return }
        allocations[id.index].traffic.add(carried)
    }

    // MARK: - Movements

    /// Whether another path of an allocation was announced.
    private mutating func isAboutToMove(_ index: UInt32) -> Bool {
        allocations[index].mobilityID.map { handoffs.isAnnounced($0) } ?? false
    }

    /// Takes the channels of an allocation back until its client has moved, or did not: as long as it may come by two paths,
    /// the engine must see by which.
    mutating func pauseOffload<Host: RelayHost & ~Copyable>(of index: UInt32, now: Instant, host: inout Host) {
        guard host.offloadsChannels else { return }
        takeBackChannels(of: index, now: now, host: &host)
        moving.insert(allocations.id(of: index))
    }

    /// Lets the host relay the channels of allocations again that have moved.
    mutating func offloadMoved<Host: RelayHost & ~Copyable>(now: Instant, host: inout Host) {
        for id in moving where !allocations.isLive(id) || !isAboutToMove(id.index) {
            moving.remove(id)
            guard allocations.isLive(id) else { continue }
            offloadChannels(of: id.index, now: now, host: &host)
        }
    }
}
