/// The allocations of a worker, counted and added up by transport and family. Filled slice by slice; what leaves its path in
/// between must be added by `addSettled`, so that totals never shrink from one tally to the next.
package struct SessionTally: Sendable {
    /// How many allocations clients of each transport have; by `ClientTransport.rawValue`.
    package private(set) var sessions = [Int](repeating: 0, count: ClientTransport.allCases.count)
    /// How many relayed addresses there are of each family.
    package private(set) var relayedIPv4 = 0
    /// How many relayed addresses there are of each family.
    package private(set) var relayedIPv6 = 0
    /// What was carried for clients of each transport, on paths that allocations have left too.
    package private(set) var traffic: [Traffic]
    /// Allocations from this index on have not been counted yet.
    package private(set) var nextIndex: UInt32 = 0

    /// Begins with what has been carried on paths that allocations have left, by transport.
    init(settled traffic: [Traffic] = Array(repeating: Traffic(), count: ClientTransport.allCases.count)) {
        self.traffic = traffic
    }

    /// Takes notice of an allocation that left its path while the tally was made.
    mutating func addSettled(_ index: UInt32, _ transport: ClientTransport, _ carried: Traffic) {
        guard index >= nextIndex else { return }  // it was counted there
        traffic[Int(transport.rawValue)].add(carried)
    }

    mutating func add(_ allocation: borrowing Allocation) {
        let transport = Int(allocation.fiveTuple.transport.rawValue)
        sessions[transport] += 1
        relayedIPv4 += allocation.ipv4 == nil ? 0 : 1
        relayedIPv6 += allocation.ipv6 == nil ? 0 : 1
        traffic[transport].add(allocation.trafficOnPath)
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
