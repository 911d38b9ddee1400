/// A hash table from keys that live elsewhere (in a `Slab`) to their indices: open addressing, linear probing, removal by
/// backward shift, at most half full.
///
/// It stores eight bytes an entry: the low half of the hash and the index. The caller brings the hash and the
/// comparison. Keys may be chosen by strangers, so hashes must come from a `HashSeed`.
@frozen
public struct IndexTable: ~Copyable {
    @frozen @usableFromInline
    struct Entry: BitwiseCopyable {
        @usableFromInline var hash: UInt32
        @usableFromInline var index: UInt32

        @usableFromInline
        init(hash: UInt32, index: UInt32) {
            self.hash = hash
            self.index = index
        }

        @usableFromInline static let empty = Entry(hash: 0, index: .max)
        @inlinable var isEmpty: Bool { index == .max }
    }

    @usableFromInline var entries: GrowableBuffer<Entry>
    @usableFromInline var mask: Int
    /// How many indices are in the table.
    public private(set) var count = 0

    /// An empty table with room for `minimumCapacity` entries before it grows.
    public init(minimumCapacity: Int = 8) {
        var size = 16
        while size < minimumCapacity * 2 { size *= 2 }
        entries = GrowableBuffer(repeating: .empty, count: size)
        mask = size - 1
    }

    /// The index whose key has this hash and satisfies `matches`.
    @inlinable
    public func find(hash: UInt64, where matches: (UInt32) -> Bool) -> UInt32? {
        let short = UInt32(truncatingIfNeeded: hash)
        var slot = Int(short) & mask
        while true {
            let entry = entries[slot]
            if entry.isEmpty { return nil }
            if entry.hash == short, matches(entry.index) { return entry.index }
            slot = (slot + 1) & mask
        }
    }

    /// Adds an index under a hash. The key must not be in the table yet.
    public mutating func insert(hash: UInt64, index: UInt32) {
        precondition(index != .max)
        if (count + 1) * 2 > entries.count { grow() }
        place(Entry(hash: UInt32(truncatingIfNeeded: hash), index: index))
        count += 1
    }

    /// Removes the entry of `index`; returns whether it was there.
    @discardableResult
    public mutating func remove(hash: UInt64, index: UInt32) -> Bool {
        precondition(index != .max)
        var slot = Int(UInt32(truncatingIfNeeded: hash)) & mask
        while entries[slot].index != index {
            if entries[slot].isEmpty { return false }
            slot = (slot + 1) & mask
        }
        closeGap(at: slot)
        count -= 1
        return true
    }

    private mutating func place(_ entry: Entry) {
        var slot = Int(entry.hash) & mask
        while !entries[slot].isEmpty { slot = (slot + 1) & mask }
        entries[slot] = entry
    }

    /// Moves later entries of the probe run back into the gap, so that no tombstones are needed.
    private mutating func closeGap(at start: Int) {
        var gap = start
        var slot = (gap + 1) & mask
        while !entries[slot].isEmpty {
            let home = Int(entries[slot].hash) & mask
            // The entry may move only if its home does not lie behind the gap.
            if (slot &- home) & mask >= (slot &- gap) & mask {
                entries[gap] = entries[slot]
                gap = slot
            }
            slot = (slot + 1) & mask
        }
        entries[gap] = .empty
    }

    private mutating func grow() {
        let old = exchange(&entries, with: GrowableBuffer(repeating: .empty, count: entries.count * 2))
        mask = entries.count - 1
        for slot in 0..<old.count where !old[slot].isEmpty { place(old[slot]) }
    }
}
