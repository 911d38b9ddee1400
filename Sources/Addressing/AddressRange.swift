/// An inclusive range of addresses of one family: a single address, a CIDR block, or `first-last` as coturn writes it.
package struct AddressRange: Hashable, Sendable {
    /// Why a text is not a range; says what was expected.
    package struct ParseError: Error, CustomStringConvertible {
        package let description: String
    }

    /// The lowest address inside.
    package let first: IPAddress
    /// The highest address inside.
    package let last: IPAddress

    /// The range of exactly one address.
    package init(_ address: IPAddress) {
        first = address
        last = address
    }

    /// From `first` to `last`; nil when the families differ or the order is wrong.
    package init?(first: IPAddress, last: IPAddress) {
        guard first.family == last.family, first.bits <= last.bits else { return nil }
        self.first = first
        self.last = last
    }

    /// The block of all addresses that share the first `prefixLength` bits with `address`; nil when the length does not
    /// fit the family. Bits below the prefix are ignored.
    package init?(_ address: IPAddress, prefixLength: Int) {
        let width = address.byteCount * 8
        guard (0...width).contains(prefixLength) else { return nil }
        let host = (UInt128(1) << UInt128(width - prefixLength)) &- 1
        first = IPAddress(bits: address.bits & ~host, family: address.family)
        last = IPAddress(bits: address.bits | host, family: address.family)
    }

    /// Parses `a`, `a/len` or `a-b`.
    package init(parsing text: some StringProtocol) throws(ParseError) {
        guard let range = Self.parse(text) else {
            throw ParseError(
                description: "expected an address, CIDR block or range such as 192.0.2.1, 192.0.2.0/24 or "
                    + "192.0.2.1-192.0.2.9, found \"\(text)\"")
        }
        self = range
    }

    private static func parse(_ text: some StringProtocol) -> AddressRange? {
        if let slash = text.firstIndex(of: "/") {
            let digits = text[text.index(after: slash)...]
            guard let address = IPAddress(text[..<slash]), (1...3).contains(digits.utf8.count),
                digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
                let length = Int(digits)
            else { return nil }
            return AddressRange(address, prefixLength: length)
        }
        if let dash = text.firstIndex(of: "-") {
            guard let first = IPAddress(text[..<dash]), let last = IPAddress(text[text.index(after: dash)...])
            else { return nil }
            return AddressRange(first: first, last: last)
        }
        return IPAddress(text).map { AddressRange($0) }
    }

    /// Whether `address` lies inside. An address of the other family never does.
    package func contains(_ address: IPAddress) -> Bool {
        address.family == first.family && first.bits <= address.bits && address.bits <= last.bits
    }

    /// One less than the number of addresses inside: the smaller, the more specific. (The count itself would overflow
    /// for `::/0`.)
    package var extent: UInt128 { last.bits - first.bits }
}

extension AddressRange: CustomStringConvertible {
    /// The shortest of the three forms that says the same.
    package var description: String {
        if first == last { return "\(first)" }
        let host = extent
        let isBlock = host & (host &+ 1) == 0 && first.bits & host == 0
        guard isBlock else { return "\(first)-\(last)" }
        return "\(first)/\(first.byteCount * 8 - host.nonzeroBitCount)"
    }
}
