import Addressing
import STUN
import Tables
package import Timing

// What all connections with peers have in common: the list of each allocation, and their ends.

extension Engine {
    /// How many connections with peers there are, in whatever stage: for metrics and tests.
    package var peerConnectionCount: Int { peerConnections.count }

    /// A connection of this allocation with this peer, whichever side began it.
    func hasConnection(_ index: UInt32, with peer: TransportAddress) -> Bool {
        peerConnections.find(allocation: index, peer: peer) != nil
    }

    /// Whether an allocation may have one more connection.
    func hasRoomForConnection(in index: UInt32) -> Bool {
        allocations[index].connectionCount < settings.maximumConnections
    }

    /// An id that no connection has.
    mutating func newConnectionID() -> ConnectionID {
        while true {
            let id = ConnectionID(ownedBy: place, &random)
            if peerConnections.find(id) == nil { return id }
        }
    }

    /// Adds a connection to its allocation's list.
    mutating func insert(_ connection: PeerConnection, for request: ConnectRequest? = nil) {
        var connection = connection
        connection.next = allocations[connection.allocation].firstConnection
        allocations[connection.allocation].firstConnection = peerConnections.insert(connection, for: request)
        allocations[connection.allocation].connectionCount += 1
        armTimer(of: connection.allocation)
    }

    /// When the first connection of an allocation is given up.
    func earliestConnectionExpiry(of index: UInt32) -> Instant {
        var earliest = Instant.distantFuture
        var slot = allocations[index].firstConnection
        while slot != Slab<PeerConnection>.none {
            earliest = min(earliest, peerConnections[slot].expiry)
            slot = peerConnections[slot].next
        }
        return earliest
    }

    // MARK: - Traffic

    /// Counts what a bound connection has carried, in bytes.
    package mutating func countRelayed(sent: Int, received: Int, over id: ConnectionID, now: Instant) {
        guard let slot = peerConnections.find(id) else { return }
        let index = peerConnections[slot].allocation
        peerConnections[slot].traffic.count(sentBytes: sent, receivedBytes: received)
        allocations[index].traffic.count(sentBytes: sent, receivedBytes: received)
        allocations[index].bandwidth.count(sent, .toPeer, now: now)
        allocations[index].bandwidth.count(received, .toClient, now: now)
    }

    /// How many bytes a bound connection may carry now, each way.
    package mutating func room(over id: ConnectionID, now: Instant) -> (toPeer: Int, toClient: Int) {
        guard let slot = peerConnections.find(id) else { return (0, 0) }
        let bandwidth = allocations[peerConnections[slot].allocation].bandwidth
        return (bandwidth.room(.toPeer, now: now), bandwidth.room(.toClient, now: now))
    }

    // MARK: - Ends

    /// Ends a bound connection, because both sides have ended it or one of them is broken.
    package mutating func endConnection<Host: RelayHost & ~Copyable>(
        _ id: ConnectionID, now: Instant, host: inout Host
    ) {
        guard let slot = peerConnections.find(id) else { return }
        let index = peerConnections[slot].allocation
        closeConnections(of: index, now: now, host: &host) { $0.id == id }
    }

    /// Closes the connections of an allocation that satisfy `isOver`. A Connect that still waits is told (RFC 6062 §5.2).
    mutating func closeConnections<Host: RelayHost & ~Copyable>(
        of index: UInt32, now: Instant, host: inout Host, where isOver: (PeerConnection) -> Bool
    ) {
        var kept = Slab<PeerConnection>.none
        var slot = allocations[index].firstConnection
        while slot != Slab<PeerConnection>.none {
            let connection = peerConnections[slot]
            if isOver(connection) {
                close(slot, now: now, host: &host)
                allocations[index].connectionCount -= 1
            } else {
                peerConnections[slot].next = kept
                kept = slot
            }
            slot = connection.next
        }
        allocations[index].firstConnection = kept
    }

    private mutating func close<Host: RelayHost & ~Copyable>(_ slot: UInt32, now: Instant, host: inout Host) {
        let connection = peerConnections[slot]
        let index = connection.allocation
        if let request = peerConnections.takeRequest(of: slot) {
            refuse(request, of: index, .connectionTimeoutOrFailure, host: &host)
        }
        peerConnections.remove(slot)
        host.closePeer(connection.handle)
        guard connection.stage == .bound else { return }
        let age = now.nanoseconds(since: connection.began) / 1_000_000_000
        host.note(
            .connectionEnded(
                allocations.id(of: index), allocations[index].fiveTuple,
                username: allocations.owner(of: index).username, peer: connection.peer, connection.traffic,
                ageSeconds: UInt32(clamping: age)))
    }
}
