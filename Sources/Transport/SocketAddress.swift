public import Addressing
import Glibc

/// A transport address in the form the kernel wants: the bytes of a `sockaddr_in` or `sockaddr_in6`.
///
/// The words are laid out by hand, because `sockaddr_in6` holds a C union and so cannot stand in a slab or a batch.
/// The layout is that of little-endian Linux, where Swift runs.
@frozen
public struct SocketAddress: Sendable, BitwiseCopyable {
    /// Family (16 bits), port (16 bits, network order), and then, for IPv4: the address; for IPv6: flow label, four
    /// words of address, scope.
    @usableFromInline var words: InlineArray<7, UInt32>
    /// How many bytes of `words` the kernel may read, or has written.
    @usableFromInline var length: UInt32

    @usableFromInline static let lengthIPv4: UInt32 = 16
    @usableFromInline static let lengthIPv6: UInt32 = 28
    @usableFromInline static let familyIPv4: UInt32 = 2
    @usableFromInline static let familyIPv6: UInt32 = 10

    /// An address to be filled in by the kernel.
    @inlinable
    public init() {
        words = InlineArray(repeating: 0)
        length = Self.lengthIPv6
    }

    /// The kernel's form of `address`.
    @inlinable
    public init(_ address: TransportAddress) {
        let ip = address.ip
        let port = UInt32(address.port.bigEndian) << 16
        switch ip.family {
        case .ipv4:
            words = [Self.familyIPv4 | port, ip.v4Bits.bigEndian, 0, 0, 0, 0, 0]
            length = Self.lengthIPv4
        case .ipv6:
            words = [
                Self.familyIPv6 | port, 0,
                UInt32(truncatingIfNeeded: ip.high >> 32).bigEndian, UInt32(truncatingIfNeeded: ip.high).bigEndian,
                UInt32(truncatingIfNeeded: ip.low >> 32).bigEndian, UInt32(truncatingIfNeeded: ip.low).bigEndian,
                0,
            ]
            length = Self.lengthIPv6
        }
    }

    /// The address as a plain value, `::ffff:a.b.c.d` folded to IPv4; nil when the kernel wrote no IP address. The
    /// scope of a link-local IPv6 address is not kept.
    @inlinable
    public var transportAddress: TransportAddress? {
        let port = UInt16(truncatingIfNeeded: words[0] >> 16).byteSwapped
        switch words[0] & 0xFFFF {
        case Self.familyIPv4:
            return TransportAddress(IPAddress(v4: words[1].byteSwapped), port: port)
        case Self.familyIPv6:
            let high = UInt64(words[2].byteSwapped) << 32 | UInt64(words[3].byteSwapped)
            let low = UInt64(words[4].byteSwapped) << 32 | UInt64(words[5].byteSwapped)
            if high == 0, low >> 32 == 0xFFFF {
                return TransportAddress(IPAddress(v4: UInt32(truncatingIfNeeded: low)), port: port)
            }
            return TransportAddress(IPAddress(v6High: high, low: low), port: port)
        default:
            return nil
        }
    }

    /// Whether both are the same address. Only the words that the family uses are compared.
    @inlinable
    public static func == (left: SocketAddress, right: SocketAddress) -> Bool {
        guard left.words[0] == right.words[0], left.words[1] == right.words[1] else { return false }
        guard left.isIPv6 else { return true }
        return left.words[2] == right.words[2] && left.words[3] == right.words[3] && left.words[4] == right.words[4]
            && left.words[5] == right.words[5] && left.words[6] == right.words[6]
    }

    /// Whether this is an IPv6 address.
    @inlinable
    var isIPv6: Bool { words[0] & 0xFFFF == Self.familyIPv6 }
}

extension SocketAddress {
    /// Lends the address to a call that reads it.
    func withSockaddr<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        unsafe withUnsafeBytes(of: words) { bytes in
            unsafe body(bytes.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: sockaddr.self), length)
        }
    }

    /// Lets a call fill the address in.
    mutating func fill<Result>(
        _ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Result
    )
        -> Result
    {
        length = Self.lengthIPv6
        return unsafe withUnsafeMutablePointer(to: &words) { words in
            let address = unsafe UnsafeMutableRawPointer(words).assumingMemoryBound(to: sockaddr.self)
            return unsafe body(address, &length)
        }
    }
}
