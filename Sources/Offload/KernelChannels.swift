package import Addressing
import COffload
package import Timing

/// One worker's share of the relay in the kernel: the channels that it has handed over.
package struct KernelChannels: RelayOffload, ~Copyable {
    private let relay: KernelRelay
    private let routes: RouteLookup
    private let relayAddresses: [IPAddress]
    private var pool: SlotPool
    private var paths: [UInt32: OffloadedPath] = [:]

    /// How many channels have been handed over.
    package var count: Int { paths.count }

    /// A worker's share.
    ///
    /// - Parameters:
    ///   - worker: which of `workers` it is; each has slots of its own.
    ///   - relayAddresses: where this server relays: what is sent there goes from one of its clients to another.
    package init(
        _ relay: KernelRelay, worker: Int, of workers: Int, relayAddresses: [IPAddress]
    ) throws(OffloadError) {
        self.relay = relay
        self.relayAddresses = relayAddresses
        routes = try RouteLookup()
        let share = UInt32(relay.maps.slots.count / 2 / max(1, workers)) * 2
        pool = SlotPool((UInt32(worker) * share)..<(UInt32(worker + 1) * share))
    }

    package mutating func bind(_ path: OffloadedPath, expiry: Instant, now: Instant) -> OffloadHandle? {
        // A peer that is another client of this server is never met on the wire: the program goes on with its entry.
        let chains = relayAddresses.contains(path.peer.ip)
        guard let client = interface(from: path.server, to: path.client),
            let peer = chains ? Route.loopback : interface(from: path.relayed, to: path.peer),
            let slot = pool.take(now: now)
        else { return nil }
        let (up, down) = (path.upward, path.downward)
        let forwards = [
            relay_forward(
                up.arriving, to: up.leaving, ingress: client, egress: peer, slot: slot, meter: 0, chains: chains),
            relay_forward(
                down.arriving, to: down.leaving, ingress: peer, egress: client, slot: slot + 1, meter: 0, chains: false),
        ]
        for index in [slot, slot + 1] {
            relay.maps.slots[index] = relay_slot(expiry_ns: expiry.nanoseconds, packets: 0, bytes: 0, dropped: 0)
        }
        paths[slot] = path
        do throws(OffloadError) {
            try relay.maps.flows.update(relay_flow(up.arriving), forwards[0])
            try relay.maps.flows.update(relay_flow(down.arriving), forwards[1])
        } catch {
            // The table is full, or the kernel has no memory: the server relays this one itself.
            unbind(OffloadHandle(slot: slot), now: now)
            return nil
        }
        return OffloadHandle(slot: slot)
    }

    package mutating func refresh(_ handle: OffloadHandle, expiry: Instant) {
        for index in [handle.slot, handle.slot + 1] {
            relay.maps.slots.store(expiry.nanoseconds, in: \.expiry_ns, of: index)
        }
    }

    package mutating func unbind(_ handle: OffloadHandle, now: Instant) {
        guard let path = paths.removeValue(forKey: handle.slot) else { return }
        // First, since it takes effect at once, also for a run of the program that has already found the entry.
        refresh(handle, expiry: .distantPast)
        relay.maps.flows.remove(relay_flow(path.upward.arriving))
        relay.maps.flows.remove(relay_flow(path.downward.arriving))
        pool.giveBack(handle.slot, now: now)
    }

    package mutating func counters(of handle: OffloadHandle) -> OffloadCounters {
        OffloadCounters(
            fromClient: OffloadCounters.Direction(relay.maps.slots[handle.slot]),
            fromPeer: OffloadCounters.Direction(relay.maps.slots[handle.slot + 1]))
    }

    /// The interface by which an address is reached, if the program is on it; `lo` for an address of this host.
    private func interface(from source: TransportAddress, to destination: TransportAddress) -> UInt32? {
        guard let route = routes.route(to: destination.ip, from: source.ip),
            relay.interfaces.contains(where: { $0.index == route.interface })
        else { return nil }
        return route.interface
    }
}

extension OffloadCounters.Direction {
    fileprivate init(_ slot: relay_slot) {
        self.init(packets: slot.packets, bytes: slot.bytes, dropped: slot.dropped)
    }
}
