/// What an epoll event says about its descriptor, packed into the 64 bits the kernel keeps for us: what kind of thing it
/// is, the slab index of its record, and the low 24 bits of the record's generation.
///
/// An event that was already fetched may speak of a descriptor that an earlier event of the same turn closed; its
/// generation then no longer matches. In 24 bits it would match again only after eight million reuses of one slot
/// within one turn.
///
///     kind:8 | generation:24 | index:32
package struct EventToken: Hashable, Sendable, BitwiseCopyable {
    /// The packed bits.
    package let bits: UInt64

    /// Takes back the bits that epoll gave.
    @inlinable
    package init(bits: UInt64) {
        self.bits = bits
    }

    /// Packs a kind and a handle of a slab.
    @inlinable
    package init(kind: UInt8, index: UInt32 = 0, generation: UInt32 = 0) {
        bits = UInt64(kind) << 56 | UInt64(generation & 0xFF_FFFF) << 32 | UInt64(index)
    }

    /// What kind of thing the descriptor is; the numbers are the owner's.
    @inlinable
    package var kind: UInt8 { UInt8(truncatingIfNeeded: bits >> 56) }

    /// The index in the slab of that kind.
    @inlinable
    package var index: UInt32 { UInt32(truncatingIfNeeded: bits) }

    /// Whether the token was made for the record that has this generation now.
    @inlinable
    package func isCurrent(_ generation: UInt32) -> Bool {
        UInt32(truncatingIfNeeded: bits >> 32) & 0xFF_FFFF == generation & 0xFF_FFFF
    }
}
