import COffload
import Glibc

/// The system call bpf(2).
enum BPF {
    /// Makes the call; `action` says in words what for.
    ///
    /// - Returns: what the kernel gives back: a descriptor, or zero.
    @discardableResult
    static func call(
        _ command: bpf_cmd, _ attributes: inout bpf_attr, to action: @autoclosure () -> String
    ) throws(OffloadError) -> CInt {
        let size = UInt32(MemoryLayout<bpf_attr>.size)
        let result = unsafe coffload_bpf(CInt(command.rawValue), &attributes, size)
        guard result >= 0 else { throw OffloadError(action()) }
        return CInt(truncatingIfNeeded: result)
    }

    /// A pointer as the kernel takes it.
    static func address(_ pointer: UnsafeRawPointer) -> UInt64 {
        UInt64(UInt(bitPattern: pointer))
    }
}
