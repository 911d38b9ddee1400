import Addressing

/// Version 2 of the PROXY protocol: a signature that begins no other protocol, then numbers in network order.
///
///     0        12       13      14      16
///     signature  2|command  family  length  addresses and ports, then anything
enum BinaryProxyHeader {
    static let signature: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A]
    private static let fixedByteCount = 16

    static func read(_ bytes: Span<UInt8>) -> ProxyHeader {
        guard ProxyHeader.begins(bytes, with: signature) else { return .invalid }
        guard bytes.count >= fixedByteCount else { return .incomplete }
        let byteCount = fixedByteCount + (Int(bytes[14]) << 8 | Int(bytes[15]))
        guard bytes[12] >> 4 == 2, byteCount <= ProxyHeader.maximumByteCount else { return .invalid }
        guard bytes.count >= byteCount else { return .incomplete }
        switch bytes[12] & 0xF {
        // LOCAL: whatever else the header says is to be skipped (§2.2).
        case 0: return .complete(.local, byteCount: byteCount)
        case 1: break
        default: return .invalid
        }
        let body = bytes.extracting(fixedByteCount..<byteCount)
        return statement(family: bytes[13], body).map { .complete($0, byteCount: byteCount) } ?? .invalid
    }

    private static func statement(family: UInt8, _ body: Span<UInt8>) -> ProxyHeader.Statement? {
        switch family {
        case 0x00: return .local
        case 0x11: return addresses(body, 4)
        case 0x21: return addresses(body, 16)
        // UDP and Unix sockets: there is no such listener.
        default: return nil
        }
    }

    /// Both addresses, then both ports. Behind them may stand what has a type, a length and a value: nothing that is
    /// needed here.
    private static func addresses(_ body: Span<UInt8>, _ width: Int) -> ProxyHeader.Statement? {
        guard body.count >= 2 * width + 4 else { return nil }
        let client = TransportAddress(ip(body, at: 0, width), port: port(body, at: 2 * width))
        let server = TransportAddress(ip(body, at: width, width), port: port(body, at: 2 * width + 2))
        return ProxyHeader.statement(client, server)
    }

    private static func ip(_ bytes: Span<UInt8>, at offset: Int, _ width: Int) -> IPAddress {
        var bits: UInt128 = 0
        for index in offset..<offset + width { bits = bits << 8 | UInt128(bytes[index]) }
        return IPAddress(bits: bits, family: width == 4 ? .ipv4 : .ipv6)
    }

    private static func port(_ bytes: Span<UInt8>, at offset: Int) -> UInt16 {
        UInt16(bytes[offset]) << 8 | UInt16(bytes[offset + 1])
    }
}
