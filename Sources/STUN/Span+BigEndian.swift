// Numbers in network order out of borrowed bytes. Every access is bounds-checked and alignment does not matter.

extension Span<UInt8> {
    /// The 16-bit number at `offset`.
    @inlinable
    package func uint16(at offset: Int) -> UInt16 {
        UInt16(self[offset]) << 8 | UInt16(self[offset + 1])
    }

    /// The 32-bit number at `offset`.
    @inlinable
    package func uint32(at offset: Int) -> UInt32 {
        UInt32(uint16(at: offset)) << 16 | UInt32(uint16(at: offset + 2))
    }

    /// The 64-bit number at `offset`.
    @inlinable
    package func uint64(at offset: Int) -> UInt64 {
        UInt64(uint32(at: offset)) << 32 | UInt64(uint32(at: offset + 4))
    }

    /// A copy, for what must outlive the packet.
    package func copied() -> [UInt8] {
        [UInt8](capacity: count) { output in
            for index in indices { output.append(self[index]) }
        }
    }

    /// Whether the bytes are the same. Not for secrets: the time taken tells where they differ.
    package func isEqual(to other: [UInt8]) -> Bool {
        guard count == other.count else { return false }
        for index in indices where self[index] != other[index] { return false }
        return true
    }
}
