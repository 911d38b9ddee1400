import Addressing
import SeededRandom
import Testing

@Suite("IPv4 inside IPv6")
struct EmbeddingTests {
    @Test(
        "S3: every embedding gives its IPv4 address back",
        arguments: [
            ("::ffff:192.0.2.33", ["192.0.2.33"]), ("::192.0.2.33", ["192.0.2.33"]),
            ("::ffff:0:192.0.2.33", ["192.0.2.33"]), ("2002:c000:0221::", ["192.0.2.33"]),
            ("2002:c000:0221:ffff:1:2:3:4", ["192.0.2.33"]), ("64:ff9b::192.0.2.33", ["192.0.2.33"]),
            ("64:ff9b:1::192.0.2.33", ["192.0.2.33"]), ("64:ff9b:1:2:3:4:c000:221", ["192.0.2.33"]),
            // RFC 4380 §4: server 65.54.227.120, client 192.0.2.45
            ("2001:0:4136:e378:8000:63bf:3fff:fdd2", ["65.54.227.120", "192.0.2.45"]),
            ("fe80::5efe:192.0.2.33", ["192.0.2.33"]), ("2001:db8::200:5efe:192.0.2.33", ["192.0.2.33"]),
            ("::", []), ("::1", []), ("2002:7f00:1::5efe:10.0.0.1", ["127.0.0.1", "10.0.0.1"]),
            ("2001:db8::192.0.2.33", []), ("64:ff9b:2::192.0.2.33", []), ("64:ff9b:0:1::192.0.2.33", []),
            ("::1:192.0.2.33", []), ("::fffe:192.0.2.33", []), ("1::ffff:192.0.2.33", []), ("2003:c000:221::", []),
            ("2001:1:c000:221::", []), ("fe80::5eff:192.0.2.33", []), ("fe80::100:5efe:192.0.2.33", []),
            ("192.0.2.33", []),
        ])
    func embedded(text: String, expected: [String]) throws {
        let address = try #require(IPAddress(text))
        #expect(address.embeddedIPv4.map(\.description) == expected)
    }

    @Test("S3: any IPv4 address is found in any embedding")
    func everyAddress() {
        var random = SeededRandom()
        for _ in 0..<2000 {
            let bits = UInt32.random(in: 0 ... .max, using: &random)
            let address = IPAddress(v4: bits)
            let low = UInt64(bits)
            let forms = [
                IPAddress(v6High: 0, low: low), IPAddress(v6High: 0, low: 0xFFFF_0000_0000 | low),
                IPAddress(v6High: 0, low: 0xFFFF_0000_0000_0000 | low),
                IPAddress(v6High: 0x2002 << 48 | low << 16 | random.next() & 0xFFFF, low: random.next()),
                IPAddress(v6High: 0x0064_FF9B_0000_0000, low: low),
                IPAddress(v6High: 0x0064_FF9B_0001_0000 | random.next() & 0xFFFF, low: random.next() << 32 | low),
                IPAddress(v6High: 0x2001_0000 << 32 | low, low: random.next()),
                IPAddress(v6High: 0x2001_0000 << 32, low: random.next() << 32 | low ^ 0xFFFF_FFFF),
                IPAddress(v6High: random.next(), low: 0x0000_5EFE << 32 | low),
                IPAddress(v6High: random.next(), low: 0x0200_5EFE << 32 | low),
            ]
            for form in forms { #expect(form.embeddedIPv4.contains(address), "\(random): \(form)") }
        }
    }

    @Test("Only the mapped form is another spelling of IPv4")
    func canonical() throws {
        let four = try #require(IPAddress("192.0.2.33"))
        let mapped = try #require(IPAddress("::ffff:192.0.2.33"))
        #expect(mapped != four && mapped.canonical == four && four.canonical == four)
        #expect(four.mappedToIPv6 == mapped && mapped.mappedToIPv6 == mapped)
        for text in ["::192.0.2.33", "::ffff:0:192.0.2.33", "64:ff9b::192.0.2.33", "::1", "1::ffff:192.0.2.33"] {
            let address = try #require(IPAddress(text))
            #expect(address.canonical == address && address.mappedIPv4 == nil)
        }
    }

    @Test(
        "Loopback and unspecified addresses are known as such",
        arguments: [
            ("127.0.0.1", true, false), ("127.255.255.254", true, false), ("126.255.255.255", false, false),
            ("128.0.0.0", false, false), ("0.0.0.0", false, true), ("0.0.0.1", false, false), ("::1", true, false),
            ("::", false, true), ("::2", false, false), ("1::1", false, false), ("::ffff:127.0.0.1", false, false),
        ])
    func kinds(text: String, isLoopback: Bool, isUnspecified: Bool) throws {
        let address = try #require(IPAddress(text))
        #expect(address.isLoopback == isLoopback && address.isUnspecified == isUnspecified)
        #expect(address.byteCount == (address.family == .ipv4 ? 4 : 16))
    }
}
