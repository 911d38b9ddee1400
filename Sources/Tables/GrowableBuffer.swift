/// Memory for a row of plain values that may grow but never moves its values one by one: the storage under `Slab` and
/// `IndexTable`.
///
/// Every access is checked. There is no reference count and no copy-on-write, so that a table held in a `~Copyable`
/// struct costs a comparison and a load. Public and frozen, as are its siblings, because only then do other modules get
/// specialised code: a `package` generic is called through its metadata, which costs more than the access.
@safe
@frozen
public struct GrowableBuffer<Element: BitwiseCopyable>: ~Copyable {
    @usableFromInline var base: UnsafeMutablePointer<Element>
    /// How many elements there are; all of them are initialised.
    public private(set) var count: Int
    private var capacity: Int

    /// `count` copies of `value`.
    public init(repeating value: Element, count: Int) {
        precondition(count >= 0)
        capacity = max(count, 1)
        unsafe base = .allocate(capacity: capacity)
        unsafe base.initialize(repeating: value, count: count)
        self.count = count
    }

    deinit {
        unsafe base.deallocate()
    }

    /// The element at `index`, which must be below `count`. Read and changed in place: an accessor that yields would make
    /// a heap allocation wherever it is not inlined.
    @inlinable
    public subscript(index: Int) -> Element {
        unsafeAddress { unsafe UnsafePointer(place(of: index)) }
        unsafeMutableAddress { unsafe place(of: index) }
    }

    @inlinable
    func place(of index: Int) -> UnsafeMutablePointer<Element> {
        precondition(index >= 0 && index < count)
        return unsafe base + index
    }

    /// Adds one element; the memory doubles when it is full.
    public mutating func append(_ value: Element) {
        if count == capacity { grow(to: capacity * 2) }
        unsafe (base + count).initialize(to: value)
        count += 1
    }

    private mutating func grow(to newCapacity: Int) {
        let grown = UnsafeMutablePointer<Element>.allocate(capacity: newCapacity)
        unsafe grown.moveInitialize(from: base, count: count)
        unsafe base.deallocate()
        unsafe base = grown
        capacity = newCapacity
    }
}
