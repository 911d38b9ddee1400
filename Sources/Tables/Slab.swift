/// A table of records that stay at their index until removed. Indices of removed records are used again, the last
/// freed first; a generation tells an old handle from a new record at the same place.
@frozen
public struct Slab<Record: BitwiseCopyable>: ~Copyable {
    @usableFromInline var records: GrowableBuffer<Record>
    /// Odd while the slot is in use, even while it is free; one step at each change.
    @usableFromInline var generations = GrowableBuffer<UInt32>(repeating: 0, count: 0)
    private var nextFree = GrowableBuffer<UInt32>(repeating: 0, count: 0)
    private var firstFree = Self.none
    /// How many records are in use.
    public private(set) var count = 0

    /// The index that no record has; ends lists of indices.
    @inlinable
    public static var none: UInt32 { .max }

    /// An empty table. `blank` fills slots that were never used.
    public init(blank: Record) {
        records = GrowableBuffer(repeating: blank, count: 0)
    }

    /// How many slots there are, free ones included: indices are below it.
    @inlinable public var slotCount: Int { records.count }

    /// Puts a record into a free slot and returns its index.
    public mutating func insert(_ record: Record) -> UInt32 {
        count += 1
        guard firstFree != Self.none else {
            records.append(record)
            generations.append(1)
            nextFree.append(Self.none)
            return UInt32(records.count - 1)
        }
        let index = firstFree
        firstFree = nextFree[Int(index)]
        records[Int(index)] = record
        generations[Int(index)] &+= 1
        return index
    }

    /// Frees a slot that is in use.
    public mutating func remove(_ index: UInt32) {
        precondition(isLive(index))
        generations[Int(index)] &+= 1
        nextFree[Int(index)] = firstFree
        firstFree = index
        count -= 1
    }

    /// Whether the slot holds a record.
    @inlinable
    public func isLive(_ index: UInt32) -> Bool {
        Int(index) < generations.count && generations[Int(index)] & 1 == 1
    }

    /// The generation of a slot, to be kept with its index in a handle.
    @inlinable
    public func generation(of index: UInt32) -> UInt32 { generations[Int(index)] }

    /// Whether the handle (index, generation) still means the record it was made for.
    @inlinable
    public func isLive(_ index: UInt32, generation: UInt32) -> Bool {
        Int(index) < generations.count && generations[Int(index)] == generation && generation & 1 == 1
    }

    /// The record at `index`, which must be below `slotCount`, in place.
    @inlinable
    public subscript(index: UInt32) -> Record {
        unsafeAddress { unsafe UnsafePointer(place(of: index)) }
        unsafeMutableAddress { unsafe place(of: index) }
    }

    /// Where the record at `index` lies, for subscripts that pass on to this one.
    @inlinable
    public func place(of index: UInt32) -> UnsafeMutablePointer<Record> { unsafe records.place(of: Int(index)) }
}
