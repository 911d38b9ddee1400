import Addressing
import STUN
import Tables
import Timing

/// All allocations of one worker with their permissions and channels. It knows places and links, not rules.
///
/// What the relay path calls is marked to be inlined: a call on a borrowed table would copy the table itself, some hundred
/// bytes of pointers and counts, onto the stack (Swift 6.3), which costs more than the look-up.
package struct AllocationTable: ~Copyable {
    private var slab: Slab<Allocation>
    private var owners: [AllocationOwner?] = []
    private var byFiveTuple = IndexTable()
    var permissions: PermissionTable
    var channels: ChannelTable
    private let seed: HashSeed

    init(seed: HashSeed) {
        self.seed = seed
        let nowhere = TransportAddress(.any(.ipv4), port: 0)
        slab = Slab(
            blank: Allocation(
                fiveTuple: FiveTuple(client: nowhere, server: nowhere, transport: .udp), path: ClientPath(rawValue: 0),
                creatingTransaction: TransactionID(high: 0, low: 0), created: .distantPast))
        permissions = PermissionTable(seed: seed)
        channels = ChannelTable(seed: seed)
    }

    /// How many allocations there are.
    package var count: Int { slab.count }

    /// The allocation at an index that `find` gave.
    package subscript(index: UInt32) -> Allocation {
        unsafeAddress { unsafe UnsafePointer(slab.place(of: index)) }
        unsafeMutableAddress { unsafe slab.place(of: index) }
    }

    /// The index of the allocation on a 5-tuple.
    @inline(__always)
    package func find(_ fiveTuple: FiveTuple) -> UInt32? {
        byFiveTuple.find(hash: fiveTuple.hash(seed)) { slab[$0].fiveTuple == fiveTuple }
    }

    /// How many places there are, free ones included: indices are below it.
    var slotCount: UInt32 { UInt32(slab.slotCount) }

    /// Whether there is an allocation at an index.
    func isLive(at index: UInt32) -> Bool { slab.isLive(index) }

    /// The indices of all allocations.
    var liveIndices: [UInt32] { (0..<UInt32(slab.slotCount)).filter { slab.isLive($0) } }

    /// Whether an id still means the allocation it was made for.
    package func isLive(_ id: AllocationID) -> Bool { slab.isLive(id.index, generation: id.generation) }

    /// The lasting name of the allocation at an index.
    package func id(of index: UInt32) -> AllocationID {
        AllocationID(index: index, generation: slab.generation(of: index))
    }

    /// Who made the allocation at an index.
    package func owner(of index: UInt32) -> AllocationOwner {
        owners[Int(index)] ?? AllocationOwner(.anybody)
    }

    /// Notes a newer key of the same user.
    mutating func setOwner(of index: UInt32, _ owner: AllocationOwner) { owners[Int(index)] = owner }

    /// Adds an allocation; its 5-tuple must be free, unless it is not on its path (see `detach`).
    mutating func insert(_ allocation: Allocation, owner: AllocationOwner, isOnPath: Bool = true) -> UInt32 {
        let index = slab.insert(allocation)
        if Int(index) == owners.count { owners.append(nil) }
        owners[Int(index)] = owner
        byFiveTuple.insert(hash: allocation.fiveTuple.hash(seed), index: index)
        if !isOnPath { detach(index) }
        return index
    }

    /// Puts an allocation on another path; its 5-tuple must be free.
    mutating func move(_ index: UInt32, to client: Client) {
        detach(index)
        slab[index].fiveTuple = client.fiveTuple
        slab[index].path = client.path
        byFiveTuple.insert(hash: client.fiveTuple.hash(seed), index: index)
    }

    /// Takes an allocation off its path, which is gone. Only a ticket leads to it then, and it leads to nobody: the next
    /// client on that path may be another one.
    mutating func detach(_ index: UInt32) {
        byFiveTuple.remove(hash: slab[index].fiveTuple.hash(seed), index: index)
        slab[index].path = .nowhere
    }

    /// Takes an allocation out, with its permissions and channels.
    mutating func remove(_ index: UInt32) {
        removeEntries(of: index) { _, _ in true }
        detach(index)
        owners[Int(index)] = nil
        slab.remove(index)
    }

    /// The socket of a family's relayed address, if that is live.
    @inline(__always)
    func liveRelay(_ index: UInt32, _ family: IPAddress.Family, now: Instant) -> RelayHandle? {
        switch family {
        case .ipv4:
            guard let relayed = slab[index].ipv4, now < relayed.expiry else { return nil }
            return relayed.handle
        case .ipv6:
            guard let relayed = slab[index].ipv6, now < relayed.expiry else { return nil }
            return relayed.handle
        }
    }

    // MARK: - Permissions and channels

    /// The permission of an allocation for a peer, if it is live.
    @inline(__always)
    func livePermission(_ index: UInt32, peer: IPAddress, now: Instant) -> UInt32? {
        guard let slot = permissions.find(allocation: index, peer: peer), now < permissions[slot].expiry else {
            return nil
        }
        return slot
    }

    /// The channel of a number, if it is live.
    @inline(__always)
    func liveChannel(_ index: UInt32, number: ChannelNumber, now: Instant) -> UInt32? {
        guard let slot = channels.find(allocation: index, number: number), now < channels[slot].expiry else {
            return nil
        }
        return slot
    }

    /// The channel of a peer, if it is live.
    @inline(__always)
    func liveChannel(_ index: UInt32, peer: TransportAddress, now: Instant) -> UInt32? {
        guard slab[index].channelCount > 0, let slot = channels.find(allocation: index, peer: peer),
            now < channels[slot].expiry
        else { return nil }
        return slot
    }

    /// Adds a permission to the allocation's list.
    mutating func insert(_ permission: Permission) {
        var permission = permission
        permission.next = slab[permission.allocation].firstPermission
        slab[permission.allocation].firstPermission = permissions.insert(permission)
        slab[permission.allocation].permissionCount += 1
    }

    /// Adds a channel to the allocation's list.
    mutating func insert(_ binding: ChannelBinding) {
        var binding = binding
        binding.next = slab[binding.allocation].firstChannel
        slab[binding.allocation].firstChannel = channels.insert(binding)
        slab[binding.allocation].channelCount += 1
    }

    /// Removes the permissions and channels that satisfy `isGone`, which gets their expiry and the peer's family.
    mutating func removeEntries(of index: UInt32, where isGone: (Instant, IPAddress.Family) -> Bool) {
        removePermissions(of: index) { isGone($0.expiry, $0.peer.family) }
        removeChannels(of: index) { isGone($0.expiry, $0.peer.family) }
    }

    /// Shows the permissions of an allocation, those not swept yet included.
    mutating func forEachPermission(of index: UInt32, _ body: (Permission) -> Void) {
        var slot = slab[index].firstPermission
        while slot != Slab<Permission>.none {
            body(permissions[slot])
            slot = permissions[slot].next
        }
    }

    /// Shows the channels of an allocation, those not swept yet included.
    mutating func forEachChannel(of index: UInt32, _ body: (ChannelBinding) -> Void) {
        var slot = slab[index].firstChannel
        while slot != Slab<ChannelBinding>.none {
            body(channels[slot])
            slot = channels[slot].next
        }
    }

    /// When the first of an allocation's permissions and channels ends.
    func earliestEntryExpiry(of index: UInt32) -> Instant {
        var earliest = Instant.distantFuture
        var slot = slab[index].firstPermission
        while slot != Slab<Permission>.none {
            earliest = min(earliest, permissions[slot].expiry)
            slot = permissions[slot].next
        }
        slot = slab[index].firstChannel
        while slot != Slab<ChannelBinding>.none {
            earliest = min(earliest, channels[slot].expiry)
            slot = channels[slot].next
        }
        return earliest
    }

    /// Removes the permissions that satisfy `isGone`; those that stay are kept as it leaves them.
    mutating func removePermissions(of index: UInt32, where isGone: (inout Permission) -> Bool) {
        var kept = Slab<Permission>.none
        var slot = slab[index].firstPermission
        while slot != Slab<Permission>.none {
            var permission = permissions[slot]
            let next = permission.next
            if isGone(&permission) {
                permissions.remove(slot)
                slab[index].permissionCount -= 1
            } else {
                permission.next = kept
                permissions[slot] = permission
                kept = slot
            }
            slot = next
        }
        slab[index].firstPermission = kept
    }

    /// Removes the channels that satisfy `isGone`.
    mutating func removeChannels(of index: UInt32, where isGone: (ChannelBinding) -> Bool) {
        var kept = Slab<ChannelBinding>.none
        var slot = slab[index].firstChannel
        while slot != Slab<ChannelBinding>.none {
            let binding = channels[slot]
            if isGone(binding) {
                channels.remove(slot)
                slab[index].channelCount -= 1
            } else {
                channels[slot].next = kept
                kept = slot
            }
            slot = binding.next
        }
        slab[index].firstChannel = kept
    }
}
