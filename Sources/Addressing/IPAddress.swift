/// An IPv4 or IPv6 address as a plain value: two machine words and a family, no heap, no text.
///
/// An IPv4 address keeps its 32 bits in the low end of `low`. `::ffff:192.0.2.1` and `192.0.2.1` are different values;
/// `canonical` folds the first into the second.
@frozen
public struct IPAddress: Hashable, Sendable, BitwiseCopyable {
    /// The address families of RFC 8489 §14.1, with the numbers used on the wire.
    @frozen
    public enum Family: UInt8, Sendable, BitwiseCopyable, CaseIterable {
        case ipv4 = 1
        case ipv6 = 2
    }

    /// The upper 64 bits of an IPv6 address; zero for IPv4.
    public let high: UInt64
    /// The lower 64 bits of an IPv6 address, or the 32 bits of an IPv4 address.
    public let low: UInt64
    /// Which of the two families the bits belong to.
    public let family: Family

    /// An IPv4 address from its 32 bits in host order.
    @inlinable
    public init(v4 bits: UInt32) {
        high = 0
        low = UInt64(bits)
        family = .ipv4
    }

    /// An IPv6 address from its two halves in host order.
    @inlinable
    public init(v6High high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
        family = .ipv6
    }

    /// The 32 bits of an IPv4 address; for IPv6 the lowest 32 bits.
    @inlinable
    public var v4Bits: UInt32 { UInt32(truncatingIfNeeded: low) }

    /// All bits as one number, for comparisons of ranges. IPv4 stands in the lowest 32 bits.
    @inlinable
    public var bits: UInt128 { UInt128(high) << 64 | UInt128(low) }

    /// An address from the number that `bits` gives. Bits above the width of the family are dropped.
    package init(bits: UInt128, family: Family) {
        switch family {
        case .ipv4: self.init(v4: UInt32(truncatingIfNeeded: bits))
        case .ipv6: self.init(v6High: UInt64(truncatingIfNeeded: bits >> 64), low: UInt64(truncatingIfNeeded: bits))
        }
    }

    /// How many bytes the address takes on the wire: 4 or 16.
    @inlinable
    public var byteCount: Int { family == .ipv4 ? 4 : 16 }

    /// Whether both are the same value. (The compiler's own would not be inlined into the tables of other modules.)
    @inlinable
    public static func == (left: IPAddress, right: IPAddress) -> Bool {
        left.low == right.low && left.high == right.high && left.family == right.family
    }

    /// `0.0.0.0` or `::`, the address that means "any" in a bind.
    package var isUnspecified: Bool { high == 0 && low == 0 }

    /// `127.0.0.0/8` or `::1`.
    package var isLoopback: Bool {
        switch family {
        case .ipv4: v4Bits >> 24 == 127
        case .ipv6: high == 0 && low == 1
        }
    }

    /// `169.254.0.0/16` or `fe80::/10`, which means nothing without an interface.
    package var isLinkLocal: Bool {
        switch family {
        case .ipv4: v4Bits >> 16 == 0xA9FE
        case .ipv6: high >> 54 == 0x3FA
        }
    }

    /// The unspecified address of a family.
    package static func any(_ family: Family) -> IPAddress {
        IPAddress(bits: 0, family: family)
    }
}
