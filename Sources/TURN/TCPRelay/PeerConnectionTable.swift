import Addressing
import Tables
import Timing

/// The connections of all allocations of a worker with their peers, found with one probe by id or by peer.
struct PeerConnectionTable: ~Copyable {
    private var slab = Slab<PeerConnection>(
        blank: PeerConnection(
            id: ConnectionID(rawValue: 0), allocation: .max, peer: TransportAddress(.any(.ipv4), port: 0),
            handle: PeerHandle(rawValue: 0), stage: .pending, expiry: .distantPast, began: .distantPast))
    private var requests: [ConnectRequest?] = []
    private var byID = IndexTable()
    private var byPeer = IndexTable()
    private let seed: HashSeed

    init(seed: HashSeed) {
        self.seed = seed
    }

    /// How many there are.
    var count: Int { slab.count }

    /// The connection at an index that `find` or `insert` gave.
    subscript(index: UInt32) -> PeerConnection {
        unsafeAddress { unsafe UnsafePointer(slab.place(of: index)) }
        unsafeMutableAddress { unsafe slab.place(of: index) }
    }

    /// The connection of an id, expired or not.
    func find(_ id: ConnectionID) -> UInt32? { byID.find(hash: hash(id)) { slab[$0].id == id } }

    /// The connection of an allocation with a peer, expired or not.
    func find(allocation: UInt32, peer: TransportAddress) -> UInt32? {
        byPeer.find(hash: hash(allocation, peer)) { candidate in
            slab[candidate].allocation == allocation && slab[candidate].peer == peer
        }
    }

    /// Adds a connection that has neither the id nor the peer of another one, and the request that waits for it.
    mutating func insert(_ connection: PeerConnection, for request: ConnectRequest? = nil) -> UInt32 {
        let slot = slab.insert(connection)
        if Int(slot) == requests.count { requests.append(nil) }
        requests[Int(slot)] = request
        byID.insert(hash: hash(connection.id), index: slot)
        byPeer.insert(hash: hash(connection.allocation, connection.peer), index: slot)
        return slot
    }

    /// Hands over the request that waits for a connection, once.
    mutating func takeRequest(of slot: UInt32) -> ConnectRequest? { exchange(&requests[Int(slot)], with: nil) }

    /// Takes a connection out.
    mutating func remove(_ slot: UInt32) {
        byID.remove(hash: hash(slab[slot].id), index: slot)
        byPeer.remove(hash: hash(slab[slot].allocation, slab[slot].peer), index: slot)
        requests[Int(slot)] = nil
        slab.remove(slot)
    }

    private func hash(_ id: ConnectionID) -> UInt64 { seed.hash(UInt64(id.rawValue), 0) }

    private func hash(_ allocation: UInt32, _ peer: TransportAddress) -> UInt64 {
        seed.hash(
            UInt64(allocation) << 32 | UInt64(peer.port) << 8 | UInt64(peer.family.rawValue), peer.ip.high, peer.ip.low)
    }
}
