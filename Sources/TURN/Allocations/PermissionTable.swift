import Addressing
import Tables
import Timing

/// The permissions of all allocations of a worker, found by allocation and peer address with one probe.
struct PermissionTable: ~Copyable {
    private var slab = Slab<Permission>(
        blank: Permission(allocation: .max, peer: .any(.ipv4), expiry: .distantPast, reach: .noDatagrams))
    private var index = IndexTable()
    private let seed: HashSeed

    init(seed: HashSeed) {
        self.seed = seed
    }

    /// How many there are.
    var count: Int { slab.count }

    /// The permission at an index that `find` or `insert` gave.
    subscript(index: UInt32) -> Permission {
        unsafeAddress { unsafe UnsafePointer(slab.place(of: index)) }
        unsafeMutableAddress { unsafe slab.place(of: index) }
    }

    /// The permission of an allocation for a peer, expired or not.
    @inline(__always)
    func find(allocation: UInt32, peer: IPAddress) -> UInt32? {
        index.find(hash: hash(allocation, peer)) { candidate in
            slab[candidate].allocation == allocation && slab[candidate].peer == peer
        }
    }

    /// Adds a permission that `find` does not know yet.
    mutating func insert(_ permission: Permission) -> UInt32 {
        let slot = slab.insert(permission)
        index.insert(hash: hash(permission.allocation, permission.peer), index: slot)
        return slot
    }

    /// Takes a permission out.
    mutating func remove(_ slot: UInt32) {
        index.remove(hash: hash(slab[slot].allocation, slab[slot].peer), index: slot)
        slab.remove(slot)
    }

    private func hash(_ allocation: UInt32, _ peer: IPAddress) -> UInt64 {
        seed.hash(UInt64(allocation) << 8 | UInt64(peer.family.rawValue), peer.high, peer.low)
    }
}
