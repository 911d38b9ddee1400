import Addressing
import SeededRandom
import Testing

@Suite("Address ranges")
struct AddressRangeTests {
    @Test(
        "A range is written in the shortest form that says the same",
        arguments: [
            ("192.0.2.1", "192.0.2.1"), ("192.0.2.1/32", "192.0.2.1"), ("192.0.2.1-192.0.2.1", "192.0.2.1"),
            ("10.1.2.3/8", "10.0.0.0/8"), ("0.0.0.0/0", "0.0.0.0/0"), ("10.0.0.0-10.255.255.255", "10.0.0.0/8"),
            ("10.0.0.1-10.0.0.2", "10.0.0.1-10.0.0.2"), ("10.0.0.1-10.0.0.4", "10.0.0.1-10.0.0.4"),
            ("0.0.0.0-255.255.255.255", "0.0.0.0/0"), ("10.0.0.0/31", "10.0.0.0/31"), ("::/0", "::/0"),
            ("::1/128", "::1"), ("2001:db8::5/32", "2001:db8::/32"), ("fe80::/10", "fe80::/10"),
            ("::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::/0"), ("::1-::2", "::1-::2"), ("::/1", "::/1"),
            ("8000::/1", "8000::/1"), ("::/64", "::/64"), ("::/65", "::/65"), ("::/63", "::/63"),
        ])
    func parsing(text: String, written: String) throws {
        let range = try AddressRange(parsing: text)
        #expect(range.description == written)
        #expect(try AddressRange(parsing: written) == range)
    }

    @Test(
        "What is not a range is refused, and the error shows it",
        arguments: [
            "", "/", "-", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8/8", "10.0.0.0/ 8",
            "10.0.0.0/0008", "10.0.0.0/999999999999999999999", "10.0.0.0/255.0.0.0", "10/8", "::/129", "::/",
            "::1%lo/64", "10.0.0.2-10.0.0.1", "10.0.0.1-", "-10.0.0.1", "10.0.0.1-::1", "::1-10.0.0.1", "::2-::1",
            "10.0.0.1-5", "10.0.0.1-10.0.0.2-10.0.0.3", "10.0.0.1 - 10.0.0.2", "10.0.0.*", "example.org",
        ])
    func refused(text: String) {
        let error = #expect(throws: AddressRange.ParseError.self) { try AddressRange(parsing: text) }
        #expect(error?.description.hasSuffix("found \"\(text)\"") == true)
    }

    @Test(
        "S1: a block holds its first and last address and neither neighbour",
        arguments: [
            "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.88.99.0/24",
            "198.18.0.0/15", "224.0.0.0/4", "192.0.2.1/32", "192.0.2.6/31", "64:ff9b::/96", "64:ff9b:1::/48",
            "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "fc00::/7", "fe80::/10", "::1/128",
            "2000::/3", "8::/63", "8::/65", "10.0.0.5-10.0.1.7", "8::5-9::3",
        ])
    func boundaries(text: String) throws {
        let range = try AddressRange(parsing: text)
        let family = range.first.family
        func address(_ bits: UInt128) -> IPAddress { IPAddress(bits: bits, family: family) }
        #expect(range.contains(range.first) && range.contains(range.last))
        #expect(range.contains(address(range.first.bits + range.extent / 2)))
        #expect(!range.contains(address(range.first.bits - 1)))
        #expect(!range.contains(address(range.last.bits + 1)))
        #expect(!range.contains(address(0)) && !range.contains(address(.max)))
        // The same number in the other family is another address.
        #expect(!range.contains(IPAddress(bits: range.first.bits, family: family == .ipv4 ? .ipv6 : .ipv4)))
    }

    @Test("The block of everything holds everything of its family")
    func everything() throws {
        let four = try AddressRange(parsing: "0.0.0.0/0")
        let six = try AddressRange(parsing: "::/0")
        #expect(four.contains(IPAddress(v4: 0)) && four.contains(IPAddress(v4: .max)))
        #expect(six.contains(.any(.ipv6)) && six.contains(IPAddress(v6High: .max, low: .max)))
        #expect(!four.contains(.any(.ipv6)) && !six.contains(.any(.ipv4)))
        #expect(
            AddressRange(.any(.ipv4), prefixLength: 33) == nil && AddressRange(.any(.ipv6), prefixLength: 129) == nil)
        #expect(AddressRange(.any(.ipv4), prefixLength: -1) == nil)
    }

    @Test("S3: contains() is the comparison of big integers (CVE-2026-73213)", arguments: IPAddress.Family.allCases)
    func bigIntegers(family: IPAddress.Family) throws {
        var random = SeededRandom()
        let width = family == .ipv4 ? 4 : 16

        func isAtMost(_ left: [UInt8], _ right: [UInt8]) -> Bool { !right.lexicographicallyPrecedes(left) }
        func address(_ bytes: [UInt8]) -> IPAddress {
            IPAddress(bits: bytes.reduce(0) { $0 << 8 | UInt128($1) }, family: family)
        }
        /// Bytes that often are the lowest or the highest, as they are at the borders of blocks.
        func someBytes() -> [UInt8] {
            (0..<width).map { _ in [0, 0xFF, .random(in: 0...255, using: &random)].randomElement(using: &random) ?? 0 }
        }

        for _ in 0..<5000 {
            let ends = [someBytes(), someBytes()]
            let (low, high) = isAtMost(ends[0], ends[1]) ? (ends[0], ends[1]) : (ends[1], ends[0])
            let range = try #require(AddressRange(first: address(low), last: address(high)))
            #expect(low == high || AddressRange(first: address(high), last: address(low)) == nil)
            // Candidates mix the bytes of both ends: each byte inside its own bounds, or just outside.
            for _ in 0..<8 {
                let candidate = (0..<width).map { index in
                    [low[index], high[index], low[index] &- 1, high[index] &+ 1, .random(in: 0...255, using: &random)]
                        .randomElement(using: &random) ?? 0
                }
                let expected = isAtMost(low, candidate) && isAtMost(candidate, high)
                #expect(range.contains(address(candidate)) == expected, "\(random): \(range), \(address(candidate))")
            }
        }
    }

    @Test("S3: a block holds what has its prefix, bit by bit", arguments: IPAddress.Family.allCases)
    func prefixes(family: IPAddress.Family) throws {
        var random = SeededRandom()
        let width = family == .ipv4 ? 32 : 128
        for length in 0...width {
            let bits = UInt128(random.next()) << 64 | UInt128(random.next())
            let base = IPAddress(bits: bits, family: family)
            let block = try #require(AddressRange(base, prefixLength: length))
            #expect(block.contains(base))
            for flipped in 0..<width {
                let other = IPAddress(bits: base.bits ^ UInt128(1) << UInt128(width - 1 - flipped), family: family)
                #expect(block.contains(other) == (flipped >= length), "\(random): \(block), \(other)")
            }
            #expect(try AddressRange(parsing: block.description) == block)
        }
    }
}
