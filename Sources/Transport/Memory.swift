import Glibc

/// Maps zeroed memory whose pages cost nothing until they are touched. Ends the process if there is none.
func mapMemory(byteCount: Int) -> UnsafeMutablePointer<UInt8> {
    let mapping = unsafe mmap(
        nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | CInt(MAP_ANONYMOUS) | MAP_NORESERVE, -1, 0)
    guard let mapping = unsafe mapping, unsafe mapping != MAP_FAILED else {
        // Only at start, when a worker makes its batches: no input leads here, and without memory there is no server.
        fatalError("\(SystemError.last("mmap"))")
    }
    return unsafe mapping.bindMemory(to: UInt8.self, capacity: byteCount)
}

/// Copies all of `bytes` to memory that has room for them.
@unsafe
func copyBytes(_ bytes: Span<UInt8>, to start: UnsafeMutablePointer<UInt8>) {
    unsafe bytes.withUnsafeBufferPointer { bytes in
        guard let source = bytes.baseAddress else { return }
        unsafe start.update(from: source, count: bytes.count)
    }
}
