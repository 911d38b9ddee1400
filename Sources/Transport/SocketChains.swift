import Tables

/// Groups the entries of a batch by socket: for each descriptor a chain of entry indices in the order they came. A small
/// hash table that is emptied at each flush by forgetting only what was used.
struct SocketChains: ~Copyable {
    /// The datagrams that leave from one socket.
    struct Chain: BitwiseCopyable {
        var descriptor: CInt
        var first: UInt32
        var last: UInt32
        /// The slot of `table` that leads here.
        var slot: UInt32
    }

    /// The index that no entry has; ends chains.
    static var none: UInt32 { .max }

    private var chains: GrowableBuffer<Chain>
    private var next: GrowableBuffer<UInt32>
    private var table: GrowableBuffer<UInt32>
    private let mask: Int
    /// How many sockets there are.
    private(set) var count = 0

    /// Room for as many entries, all on different sockets if need be.
    init(capacity: Int) {
        var size = 4
        while size < capacity * 2 { size *= 2 }
        mask = size - 1
        table = GrowableBuffer(repeating: Self.none, count: size)
        next = GrowableBuffer(repeating: Self.none, count: capacity)
        chains = GrowableBuffer(
            repeating: Chain(descriptor: -1, first: Self.none, last: Self.none, slot: 0), count: capacity)
    }

    /// The chain at a place below `count`, in the order in which the sockets were first used.
    subscript(place: Int) -> Chain { chains[place] }

    /// The entry that leaves after this one from the same socket.
    func next(after entry: UInt32) -> UInt32 { next[Int(entry)] }

    /// Puts an entry at the end of its socket's chain. Descriptors are small numbers given by the kernel, each once, so
    /// they are their own hash.
    mutating func append(_ entry: UInt32, descriptor: CInt) {
        next[Int(entry)] = Self.none
        var slot = Int(descriptor) & mask
        while table[slot] != Self.none {
            let place = Int(table[slot])
            if chains[place].descriptor == descriptor {
                next[Int(chains[place].last)] = entry
                chains[place].last = entry
                return
            }
            slot = (slot + 1) & mask
        }
        table[slot] = UInt32(count)
        chains[count] = Chain(descriptor: descriptor, first: entry, last: entry, slot: UInt32(slot))
        count += 1
    }

    /// Forgets all chains.
    mutating func removeAll() {
        for place in 0..<count { table[Int(chains[place].slot)] = Self.none }
        count = 0
    }
}
