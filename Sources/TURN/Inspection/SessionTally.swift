/// The allocations of a worker, counted and added up by transport and family. Filled slice by slice; what ends in between
/// must be added by `addEnded`, so that totals never shrink from one tally to the next.
package struct SessionTally: Sendable {
    /// How many allocations clients of each transport have; by `ClientTransport.rawValue`.
    package private(set) var sessions = [Int](repeating: 0, count: ClientTransport.allCases.count)
    /// How many relayed addresses there are of each family.
    package private(set) var relayedIPv4 = 0
    /// How many relayed addresses there are of each family.
    package private(set) var relayedIPv6 = 0
    /// What was carried for clients of each transport, in allocations that have ended too.
    package private(set) var traffic: [Traffic]
    /// Allocations from this index on have not been counted yet.
    package private(set) var nextIndex: UInt32 = 0

    /// Begins with what ended allocations have carried, by transport.
    package init(ended traffic: [Traffic]) {
        self.traffic = traffic
    }

    /// Takes notice of an allocation that ended while the tally was made.
    package mutating func addEnded(_ id: AllocationID, _ transport: ClientTransport, _ carried: Traffic) {
        guard id.index >= nextIndex else { return }  // it was counted while it lived
        traffic[Int(transport.rawValue)].add(carried)
    }

    mutating func add(_ allocation: borrowing Allocation) {
        let transport = Int(allocation.fiveTuple.transport.rawValue)
        sessions[transport] += 1
        relayedIPv4 += allocation.ipv4 == nil ? 0 : 1
        relayedIPv6 += allocation.ipv6 == nil ? 0 : 1
        traffic[transport].add(allocation.traffic)
    }

    mutating func advance(to index: UInt32) { nextIndex = index }
}

extension Traffic {
    /// Adds what another allocation has carried.
    package mutating func add(_ other: Traffic) {
        sentPackets &+= other.sentPackets
        sentBytes &+= other.sentBytes
        receivedPackets &+= other.receivedPackets
        receivedBytes &+= other.receivedBytes
    }
}
