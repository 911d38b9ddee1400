import Addressing
import SeededRandom
import Testing
import Transport

/// What a load balancer may put in front of a connection, and what it may not.
@Suite("PROXY header")
struct ProxyHeaderTests {
    private static let signature: [UInt8] = [13, 10, 13, 10, 0, 13, 10, 0x51, 0x55, 0x49, 0x54, 10]

    /// A header of version 2 with these bytes behind its length.
    private static func binary(_ versionAndCommand: UInt8, _ family: UInt8, _ body: [UInt8]) -> [UInt8] {
        signature + [versionAndCommand, family, UInt8(body.count >> 8), UInt8(body.count & 0xFF)] + body
    }

    private static let ipv4Body: [UInt8] = [192, 0, 2, 1, 198, 51, 100, 7, 0xC3, 0xAB, 0x0D, 0x96]
    private static let ipv6Body: [UInt8] =
        [0x20, 1, 0x0D, 0xB8] + Array(repeating: 0, count: 11) + [1]
        + [0x20, 1, 0x0D, 0xB8] + Array(repeating: 0, count: 11) + [2] + [0xFF, 0xFF, 0, 1]
    private static let mappedBody: [UInt8] =
        Array(repeating: 0, count: 10) + [0xFF, 0xFF, 192, 0, 2, 1]
        + [0x20, 1, 0x0D, 0xB8] + Array(repeating: 0, count: 11) + [2] + [0, 9, 0, 8]
    private static let extras: [UInt8] = [0x01, 0, 2, 0x68, 0x32, 0x04, 0, 3, 0, 0, 0]

    private static func proxied(_ client: String, _ server: String) -> ProxyHeader.Statement? {
        guard let client = TransportAddress(client), let server = TransportAddress(server) else { return nil }
        return .proxied(client: client, server: server)
    }

    private static let good: [([UInt8], ProxyHeader.Statement?)] = [
        (
            Array("PROXY TCP4 192.0.2.1 198.51.100.7 50091 3478\r\n".utf8),
            proxied("192.0.2.1:50091", "198.51.100.7:3478")
        ),
        (
            Array("PROXY TCP6 2001:db8::1 2001:db8::2 65535 0\r\n".utf8),
            proxied("[2001:db8::1]:65535", "[2001:db8::2]:0")
        ),
        (
            Array("PROXY TCP6 ::ffff:192.0.2.1 2001:db8::2 1 2\r\n".utf8),
            proxied("192.0.2.1:1", "[2001:db8::2]:2")
        ),
        (Array("PROXY UNKNOWN\r\n".utf8), .local),
        (Array(("PROXY UNKNOWN " + String(repeating: "f", count: 91) + "\r\n").utf8), .local),
        (binary(0x21, 0x11, ipv4Body), proxied("192.0.2.1:50091", "198.51.100.7:3478")),
        (binary(0x21, 0x21, ipv6Body), proxied("[2001:db8::1]:65535", "[2001:db8::2]:1")),
        (binary(0x21, 0x21, mappedBody), proxied("192.0.2.1:9", "[2001:db8::2]:8")),
        (binary(0x21, 0x11, ipv4Body + extras), proxied("192.0.2.1:50091", "198.51.100.7:3478")),
        (binary(0x20, 0x00, []), .local), (binary(0x20, 0x11, ipv4Body), .local), (binary(0x20, 0x31, extras), .local),
        (binary(0x21, 0x00, extras), .local),
    ]

    @Test("F14: headers of both versions are read, cut anywhere, and what follows is left alone", arguments: good)
    func wellFormed(header: [UInt8], statement: ProxyHeader.Statement?) throws {
        let statement = try #require(statement)
        for count in header.indices {
            #expect(ProxyHeader(Array(header[..<count]).span) == .incomplete, "\(count) bytes")
        }
        for rest: [UInt8] in [[], [0x16, 3, 1], Array(header)] {
            #expect(ProxyHeader((header + rest).span) == .complete(statement, byteCount: header.count))
        }
    }

    private static let bad: [[UInt8]] =
        [
            "PROXY", "PROXY \r\n", "PROXY TCP4\r\n", "PROXY TCP4 192.0.2.1 198.51.100.7 1\r\n",
            "PROXY TCP4 192.0.2.1 198.51.100.7 1 2 3\r\n", "PROXY TCP4  192.0.2.1 198.51.100.7 1 2\r\n",
            "PROXY TCP4 192.0.2.1 198.51.100.7 1 65536\r\n", "PROXY TCP4 192.0.2.1 198.51.100.7 1 01\r\n",
            "PROXY TCP4 192.0.2.1 198.51.100.7 -1 2\r\n", "PROXY TCP4 192.0.2.1 198.51.100.7 1 +2\r\n",
            "PROXY TCP4 192.0.2.1 198.51.100.7 1 \r\n", "PROXY TCP4 192.0.2.256 198.51.100.7 1 2\r\n",
            "PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n", "PROXY TCP6 192.0.2.1 198.51.100.7 1 2\r\n",
            "PROXY TCP6 fe80::1%eth0 2001:db8::2 1 2\r\n", "PROXY UDP4 192.0.2.1 198.51.100.7 1 2\r\n",
            "PROXY unknown\r\n", "PROXY UNKNOWN\rX", "proxy UNKNOWN\r\n", "GET / HTTP/1.1\r\n",
            "PROXY UNKNOWN " + String(repeating: "f", count: 92) + "\r\n", String(repeating: "P", count: 200),
        ].map { Array($0.utf8) } + [
            binary(0x11, 0x11, ipv4Body), binary(0x31, 0x11, ipv4Body), binary(0x22, 0x11, ipv4Body),
            binary(0x21, 0x12, ipv4Body), binary(0x21, 0x22, ipv6Body), binary(0x21, 0x31, extras),
            binary(0x21, 0x32, extras), binary(0x21, 0x41, ipv4Body), binary(0x21, 0x01, ipv4Body),
            binary(0x21, 0x10, ipv4Body), binary(0x21, 0x11, Array(ipv4Body.dropLast())),
            binary(0x21, 0x21, Array(ipv6Body.dropLast())), binary(0x21, 0x11, []),
            binary(0x21, 0x11, ipv4Body + Array(repeating: 0, count: 4096)),
            signature.dropLast() + [11, 0x21, 0x11, 0, 12] + ipv4Body, [0, 1, 0, 0], [0x16, 3, 1], [0x40, 0, 0, 0],
        ]

    @Test("F14: what is no header, or not one of a TCP connection, is refused", arguments: bad)
    func malformed(header: [UInt8]) {
        // "PROXY" alone may still become one.
        let isPrefix = header == Array("PROXY".utf8)
        #expect(ProxyHeader(header.span) == (isPrefix ? .incomplete : .invalid))
    }

    @Test("F14: a header that never ends is given up after 107 bytes, one of version 2 before its bytes come")
    func bounds() {
        let line = Array(("PROXY UNKNOWN " + String(repeating: "f", count: 200)).utf8)
        #expect(ProxyHeader(Array(line[..<105]).span) == .incomplete)
        #expect(ProxyHeader(Array(line[..<106]).span) == .invalid)
        #expect(ProxyHeader((Self.signature + [0x21, 0x11, 0xFF, 0xFF]).span) == .invalid)
        let longest = ProxyHeader.maximumByteCount - 16
        #expect(
            ProxyHeader((Self.signature + [0x21, 0x11, UInt8(longest >> 8), UInt8(longest & 0xFF)]).span) == .incomplete
        )
    }

    @Test("F14: no bytes make the reader fail, or read past what there is")
    func fuzz() {
        var random = SeededRandom()
        let (seeds, name) = (Self.good.map(\.0) + Self.bad, random.description)
        for _ in 0..<20_000 {
            guard var bytes = seeds.randomElement(using: &random) else { return }
            for _ in 0..<Int.random(in: 0...3, using: &random) where !bytes.isEmpty {
                let place = Int.random(in: bytes.indices, using: &random)
                bytes[place] = UInt8.random(in: .min ... .max, using: &random)
            }
            bytes.removeLast(Int.random(in: 0...min(4, bytes.count), using: &random))
            guard case .complete(_, let byteCount) = ProxyHeader(bytes.span) else { continue }
            #expect((15...bytes.count).contains(byteCount), "\(name)")
        }
    }
}
