import Addressing
import Testing

@Suite("Addresses as text")
struct IPAddressTextTests {
    @Test(
        "IPv4 is four decimal octets",
        arguments: [
            ("0.0.0.0", 0), ("255.255.255.255", 0xFFFF_FFFF), ("192.0.2.1", 0xC000_0201), ("127.0.0.1", 0x7F00_0001),
            ("1.2.3.4", 0x0102_0304), ("10.20.30.40", 0x0A14_1E28),
        ] as [(String, UInt32)])
    func ipv4(text: String, bits: UInt32) throws {
        let address = try #require(IPAddress(text))
        #expect(address == IPAddress(v4: bits))
        #expect(address.description == text)
    }

    @Test(
        "What is not an address is refused, above all what some parser reads as another one",
        arguments: [
            "", " ", ".", "1", "1.2", "1.2.3", "1.2.3.4.5", "1.2.3.", ".1.2.3", "1..2.3", "1.2.3.256", "1.2.3.999",
            "1.2.3.1000", "010.0.0.1", "1.2.3.04", "00.0.0.0", "0x7f.0.0.1", "0x7f000001", "2130706433", "127.1",
            "1.2.3.-4", "1.2.3.+4", " 1.2.3.4", "1.2.3.4 ", "1.2.3.4\n", "1.2.3.4\0", "1.2.3.a", "\u{0661}.2.3.4",
            "1.2.3.4/32", "1.2.3.4:80", "localhost", ":", ":::", "::1::", "1::2::3", "1:2:3:4:5:6:7",
            "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "1:2:3:4::5:6:7:8", ":1:2:3:4:5:6:7:8",
            "1:2:3:4:5:6:7:8:", ":1::2", "1::2:", "12345::", "::g", "::-1", "::+1", ":: 1", " ::1", "::1 ", "::1%eth0",
            "fe80::1%1", "[::1]", "::1/128", "::1.2.3", "::1.2.3.4.5", "::1.2.3.256", "::01.2.3.4", "1.2.3.4::",
            "::1.2.3.4:5", "1:2:3:4:5:6:7:1.2.3.4", "1:2:3:4:5:1.2.3.4", "::ffff:0x7f.0.0.1", "::\u{FF11}", "::\u{E9}",
        ])
    func refused(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(
        "IPv6 is written as RFC 5952 says, however it was typed",
        arguments: [
            // RFC 5952 §1 and §2: forms of one address
            ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:0db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
            ("2001:db8::1:0:0:1", "2001:db8::1:0:0:1"), ("2001:db8::0:1:0:0:1", "2001:db8::1:0:0:1"),
            ("2001:0db8::1:0:0:1", "2001:db8::1:0:0:1"), ("2001:db8:0:0:1::1", "2001:db8::1:0:0:1"),
            ("2001:db8:0000:0:1::1", "2001:db8::1:0:0:1"), ("2001:DB8:0:0:1::1", "2001:db8::1:0:0:1"),
            ("2001:db8:aaaa:bbbb:cccc:dddd:eeee:0001", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:1"),
            ("2001:db8:aaaa:bbbb:cccc:dddd::1", "2001:db8:aaaa:bbbb:cccc:dddd:0:1"),
            ("2001:db8:AAAA:bbbb:cccc:dddd:EEEE:AAAA", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:aaaa"),
            // §4.2.1 to §4.2.3: as short as it goes, not for one group, the longest run, the first of equal ones
            ("2001:db8:0:0:0:0:2:1", "2001:db8::2:1"), ("2001:db8::0:1", "2001:db8::1"),
            ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
            ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"), ("0:0:1:0:0:0:0:0", "0:0:1::"),
            ("1:0:0:2:3:0:0:4", "1::2:3:0:0:4"),
            // The ends, and groups before and after them
            ("0:0:0:0:0:0:0:0", "::"), ("::", "::"), ("0:0:0:0:0:0:0:1", "::1"), ("1::", "1::"), ("::8", "::8"),
            ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"), ("1:0:0::8", "1::8"),
            ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
            // §5: dotted only where the prefix says that it is IPv4
            ("::ffff:c000:201", "::ffff:192.0.2.1"), ("0:0:0:0:0:FFFF:192.0.2.1", "::ffff:192.0.2.1"),
            ("::192.0.2.1", "::c000:201"), ("64:ff9b::192.0.2.1", "64:ff9b::c000:201"),
            ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"), ("::ffff:0:1.2.3.4", "::ffff:0:102:304"),
        ])
    func ipv6(typed: String, written: String) throws {
        let address = try #require(IPAddress(typed))
        #expect(address.family == .ipv6)
        #expect(address.description == written)
        #expect(IPAddress(written) == address)
    }

    @Test(
        "A transport address has a port, and brackets exactly around IPv6",
        arguments: [
            ("192.0.2.1:3478", "192.0.2.1:3478"), ("[2001:db8::1]:3478", "[2001:db8::1]:3478"),
            ("0.0.0.0:0", "0.0.0.0:0"), ("[::]:65535", "[::]:65535"), ("192.0.2.1:", nil), ("192.0.2.1", nil),
            ("192.0.2.1:65536", nil), (":80", nil), ("192.0.2.1:+80", nil), ("192.0.2.1:-1", nil),
            ("192.0.2.1: 80", nil), ("[192.0.2.1]:80", nil), ("::1:80", nil), ("[::1]", nil), ("[::1]80", nil),
            ("[::1:80", nil), ("::1]:80", nil), ("[]:80", nil), ("[::1%lo]:80", nil), ("[[::1]]:80", nil), ("", nil),
            (":", nil), ("[:80", nil), ("192.0.2.1:\u{0668}\u{0660}", nil),
        ] as [(String, String?)])
    func transportAddress(text: String, written: String?) {
        #expect(TransportAddress(text)?.description == written)
    }
}
