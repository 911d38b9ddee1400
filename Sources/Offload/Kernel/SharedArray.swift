import COffload
import Glibc

/// An array of the kernel that is mapped into this process: what one side writes the other sees, without a system call.
///
/// Fields are read and written one by one, each of them 64 bits that stand alone; nothing depends on the order in which
/// the other side sees two of them.
@safe
final class SharedArray<Element: BitwiseCopyable>: @unchecked Sendable {
    let map: BPFMap
    private let elements: UnsafeMutableBufferPointer<Element>
    private let mapped: Int

    /// Creates the array, zeroed.
    init(count: Int) throws(OffloadError) {
        let flags = UInt32(BPF_F_MMAPABLE)
        map = try BPFMap(
            BPF_MAP_TYPE_ARRAY, key: 4, value: MemoryLayout<Element>.stride, entries: count, flags: flags)
        let page = sysconf(CInt(_SC_PAGESIZE))
        mapped = (count * MemoryLayout<Element>.stride + page - 1) / page * page
        let memory = unsafe mmap(nil, mapped, PROT_READ | PROT_WRITE, MAP_SHARED, map.descriptor, 0)
        guard let memory = unsafe memory, unsafe memory != MAP_FAILED else {
            throw OffloadError("map the kernel's counters")
        }
        unsafe elements = UnsafeMutableBufferPointer(
            start: memory.assumingMemoryBound(to: Element.self), count: count)
    }

    deinit {
        unsafe munmap(elements.baseAddress, mapped)
    }

    /// How many elements there are.
    var count: Int { unsafe elements.count }

    /// The element at an index that this side has handed out itself.
    subscript(index: UInt32) -> Element {
        get {
            precondition(index < count, "an index that this side has handed out")
            return unsafe elements[Int(index)]
        }
        set {
            precondition(index < count, "an index that this side has handed out")
            unsafe elements[Int(index)] = newValue
        }
    }

    /// Stores one field and leaves the others, which the kernel may be writing.
    func store<Field>(_ value: Field, in field: WritableKeyPath<Element, Field>, of index: UInt32) {
        precondition(index < count, "an index that this side has handed out")
        unsafe elements[Int(index)][keyPath: field] = value
    }
}
