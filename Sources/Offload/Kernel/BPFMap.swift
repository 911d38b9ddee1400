import COffload
import Glibc

/// A table in the kernel, of keys and values without pointers. It lives as long as its descriptor or a program that uses it.
final class BPFMap: Sendable {
    let descriptor: CInt

    /// Creates a map.
    ///
    /// - Parameters:
    ///   - key: bytes of a key; `value`: bytes of a value.
    ///   - entries: how many it holds at most.
    init(_ kind: bpf_map_type, key: Int, value: Int, entries: Int, flags: UInt32) throws(OffloadError) {
        var attributes = bpf_attr()
        attributes.map_type = UInt32(kind.rawValue)
        attributes.key_size = UInt32(clamping: key)
        attributes.value_size = UInt32(clamping: value)
        attributes.max_entries = UInt32(clamping: entries)
        attributes.map_flags = flags
        descriptor = try BPF.call(BPF_MAP_CREATE, &attributes, to: "create a table in the kernel")
    }

    deinit {
        close(descriptor)
    }

    /// Puts a value at a key, or replaces what is there.
    func update<Key: BitwiseCopyable, Value: BitwiseCopyable>(_ key: Key, _ value: Value) throws(OffloadError) {
        var (key, value) = (key, value)
        var failure: OffloadError?
        unsafe withUnsafeBytes(of: &key) { key in
            unsafe withUnsafeBytes(of: &value) { value in
                var attributes = unsafe attributes(key)
                unsafe attributes.value = value.baseAddress.map { unsafe BPF.address($0) } ?? 0
                do throws(OffloadError) {
                    try BPF.call(BPF_MAP_UPDATE_ELEM, &attributes, to: "add an entry")
                } catch {
                    failure = error
                }
            }
        }
        if let failure { throw failure }
    }

    /// Takes a key out; one that is not there is no error.
    func remove<Key: BitwiseCopyable>(_ key: Key) {
        var key = key
        unsafe withUnsafeBytes(of: &key) { key in
            var attributes = unsafe attributes(key)
            _ = try? BPF.call(BPF_MAP_DELETE_ELEM, &attributes, to: "remove an entry")
        }
    }

    private func attributes(_ key: UnsafeRawBufferPointer) -> bpf_attr {
        var attributes = bpf_attr()
        attributes.map_fd = UInt32(bitPattern: descriptor)
        unsafe attributes.key = key.baseAddress.map { unsafe BPF.address($0) } ?? 0
        return attributes
    }
}
