import Addressing
import STUN
import Tables
import Timing

/// The channels of all allocations of a worker, found with one probe by number (client to peer) or by peer (peer to
/// client).
struct ChannelTable: ~Copyable {
    private var slab = Slab<ChannelBinding>(
        blank: ChannelBinding(
            allocation: .max, number: ChannelNumber(rawValue: 0), peer: TransportAddress(.any(.ipv4), port: 0),
            destination: TransportAddress(.any(.ipv4), port: 0), expiry: .distantPast))
    private var byNumber = IndexTable()
    private var byPeer = IndexTable()
    private let seed: HashSeed

    init(seed: HashSeed) {
        self.seed = seed
    }

    /// How many there are.
    var count: Int { slab.count }

    /// The binding at an index that `find` or `insert` gave.
    subscript(index: UInt32) -> ChannelBinding {
        unsafeAddress { unsafe UnsafePointer(slab.place(of: index)) }
        unsafeMutableAddress { unsafe slab.place(of: index) }
    }

    /// The binding of a number, expired or not.
    @inline(__always)
    func find(allocation: UInt32, number: ChannelNumber) -> UInt32? {
        byNumber.find(hash: hash(allocation, number)) { candidate in
            slab[candidate].allocation == allocation && slab[candidate].number == number
        }
    }

    /// The binding of a peer, expired or not.
    @inline(__always)
    func find(allocation: UInt32, peer: TransportAddress) -> UInt32? {
        byPeer.find(hash: hash(allocation, peer)) { candidate in
            slab[candidate].allocation == allocation && slab[candidate].peer == peer
        }
    }

    /// Adds a binding of which neither number nor peer is bound.
    mutating func insert(_ binding: ChannelBinding) -> UInt32 {
        let slot = slab.insert(binding)
        byNumber.insert(hash: hash(binding.allocation, binding.number), index: slot)
        byPeer.insert(hash: hash(binding.allocation, binding.peer), index: slot)
        return slot
    }

    /// Takes a binding out.
    mutating func remove(_ slot: UInt32) {
        let binding = slab[slot]
        byNumber.remove(hash: hash(binding.allocation, binding.number), index: slot)
        byPeer.remove(hash: hash(binding.allocation, binding.peer), index: slot)
        slab.remove(slot)
    }

    private func hash(_ allocation: UInt32, _ number: ChannelNumber) -> UInt64 {
        seed.hash(UInt64(allocation), UInt64(number.rawValue))
    }

    private func hash(_ allocation: UInt32, _ peer: TransportAddress) -> UInt64 {
        seed.hash(UInt64(allocation) << 16 | UInt64(peer.port), peer.ip.high, peer.ip.low)
    }
}
