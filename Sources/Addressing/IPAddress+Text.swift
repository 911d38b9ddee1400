// Text in and out: dotted decimal for IPv4; RFC 4291 §2.2 in, RFC 5952 out for IPv6.

extension IPAddress {
    /// Parses `192.0.2.1` or `2001:db8::1`. Zone identifiers, brackets, leading zeros in IPv4 and white space are refused.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        if bytes.contains(UInt8(ascii: ":")) {
            self.init(ipv6Text: bytes)
        } else if let bits = Self.parseIPv4(bytes[...]) {
            self.init(v4: bits)
        } else {
            return nil
        }
    }

    private static func parseIPv4(_ text: ArraySlice<UInt8>) -> UInt32? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bits: UInt32 = 0
        for part in parts {
            guard let octet = parseOctet(part) else { return nil }
            bits = bits << 8 | UInt32(octet)
        }
        return bits
    }

    private static func parseOctet(_ text: ArraySlice<UInt8>) -> UInt8? {
        // "010" is 8 to some parsers and 10 to others (inet_aton); refusing it keeps deny lists free of surprises.
        guard (1...3).contains(text.count), text.count == 1 || text.first != UInt8(ascii: "0") else { return nil }
        var value = 0
        for character in text {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character) else { return nil }
            value = value * 10 + Int(character - UInt8(ascii: "0"))
        }
        return UInt8(exactly: value)
    }

    private init?(ipv6Text text: [UInt8]) {
        let colon = UInt8(ascii: ":")
        guard let gap = Self.firstDoubleColon(text) else {
            guard let groups = Self.parseGroups(text[...]), groups.count == 8 else { return nil }
            self.init(groups: groups)
            return
        }
        let head = text[..<gap]
        let tail = text[(gap + 2)...]
        guard tail.first != colon, let left = Self.parseGroups(head), let right = Self.parseGroups(tail),
            left.count + right.count <= 7, !head.contains(UInt8(ascii: "."))
        else { return nil }
        self.init(groups: left + Array(repeating: 0, count: 8 - left.count - right.count) + right)
    }

    private static func firstDoubleColon(_ text: [UInt8]) -> Int? {
        guard text.count >= 2 else { return nil }
        return (0..<text.count - 1).first { text[$0] == UInt8(ascii: ":") && text[$0 + 1] == UInt8(ascii: ":") }
    }

    /// The 16-bit groups of `1:2:3`, of which the last may be dotted IPv4; an empty text has none.
    private static func parseGroups(_ text: ArraySlice<UInt8>) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        var groups: [UInt16] = []
        for (index, part) in parts.enumerated() {
            if index == parts.count - 1, part.contains(UInt8(ascii: ".")) {
                guard let bits = parseIPv4(part) else { return nil }
                groups += [UInt16(truncatingIfNeeded: bits >> 16), UInt16(truncatingIfNeeded: bits)]
            } else {
                guard let group = parseHexGroup(part) else { return nil }
                groups.append(group)
            }
        }
        return groups
    }

    private static func parseHexGroup(_ text: ArraySlice<UInt8>) -> UInt16? {
        guard (1...4).contains(text.count) else { return nil }
        var value: UInt16 = 0
        for character in text {
            guard let digit = Character(UnicodeScalar(character)).hexDigitValue else { return nil }
            value = value << 4 | UInt16(digit)
        }
        return value
    }

    private init(groups: [UInt16]) {
        let bits = groups.reduce(UInt128(0)) { $0 << 16 | UInt128($1) }
        self.init(bits: bits, family: .ipv6)
    }

    /// The eight 16-bit groups of an IPv6 address.
    private var groups: [UInt16] {
        (0..<8).map { UInt16(truncatingIfNeeded: bits >> (112 - 16 * $0)) }
    }
}

extension IPAddress: CustomStringConvertible {
    /// Dotted decimal, or the canonical text of RFC 5952 (lower case, longest run of zero groups as `::`).
    public var description: String {
        switch family {
        case .ipv4:
            return (0..<4).map { String(v4Bits >> (24 - 8 * $0) & 0xFF) }.joined(separator: ".")
        case .ipv6:
            // RFC 5952 §5: the mapped prefix is the one where dotted decimal is recommended.
            if let embedded = mappedIPv4 { return "::ffff:\(embedded)" }
            return compressedText
        }
    }

    private var compressedText: String {
        let groups = groups
        let run = Self.longestZeroRun(in: groups)
        func text(_ range: Range<Int>) -> String {
            groups[range].map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard run.count >= 2 else { return text(0..<8) }
        return text(0..<run.lowerBound) + "::" + text(run.upperBound..<8)
    }

    private static func longestZeroRun(in groups: [UInt16]) -> Range<Int> {
        var best = 0..<0
        var start = 0
        for index in 0...groups.count where index == groups.count || groups[index] != 0 {
            if index - start > best.count { best = start..<index }
            start = index + 1
        }
        return best
    }
}
