extension ValueForm where Value == [UInt8] {
    /// A REALM of RFC 8489 §14.9: fewer than 128 characters. An empty one means that none is set.
    static var realm: ValueForm {
        ValueForm(
            placeholder: "<realm>",
            expectation: "text in UTF-8 of at most 127 characters",
            read: { bytes in
                guard let text = String(validating: bytes, as: UTF8.self), text.unicodeScalars.count < 128,
                    text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F })
                else { return nil }
                return bytes
            },
            show: { $0.isEmpty ? nil : $0.printable })
    }

    /// A key for HMAC. Whoever knows one user's credentials can try secrets at leisure, so short ones are refused.
    static var sharedSecret: ValueForm {
        ValueForm(
            placeholder: "<secret>",
            expectation: "a secret of at least 16 bytes, as `openssl rand -hex 32` makes it",
            read: { $0.count >= 16 ? $0 : nil },
            show: { _ in nil }
        ).secret
    }
}

extension ValueForm where Value == UInt8 {
    /// One character of ASCII.
    static var character: ValueForm {
        ValueForm(
            placeholder: "<character>",
            expectation: "one character of ASCII",
            read: { bytes in bytes.count == 1 ? bytes.first.flatMap { $0 < 0x80 ? $0 : nil } : nil },
            show: { [$0].printable })
    }
}

extension ValueForm where Value == ConfiguredUser {
    /// `name:password` or `name:0xKEY`.
    static var user: ValueForm {
        ValueForm(
            placeholder: "<name:password>",
            expectation: "name:password, or name:0x and the 32 or 64 hexadecimal digits of a key",
            read: readUser,
            show: { _ in nil }
        ).secret
    }
}

extension ValueForm where Value == ConfiguredKey {
    /// `name:key` or `name:0xKEY`.
    static var namedKey: ValueForm {
        ValueForm(
            placeholder: "<name:key>",
            expectation: "name: and a key of 16 or 32 bytes, as it is or as 0x and hexadecimal digits",
            read: readNamedKey,
            show: { _ in nil }
        ).secret
    }
}

@Sendable private func readNamedKey(_ text: [UInt8]) -> ConfiguredKey? {
    guard let colon = text.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    let name = Array(text[..<colon])
    var key = Array(text[(colon + 1)...])
    if key.starts(with: [UInt8(ascii: "0"), UInt8(ascii: "x")]) {
        key = hexadecimal(key[2...], count: 16) ?? hexadecimal(key[2...], count: 32) ?? []
    }
    guard (1..<509).contains(name.count), [16, 32].contains(key.count) else { return nil }
    return ConfiguredKey(name: name, bytes: key)
}

/// The first colon ends the name; the password may hold more of them.
@Sendable private func readUser(_ text: [UInt8]) -> ConfiguredUser? {
    guard let colon = text.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    let name = Array(text[..<colon])
    let secret = Array(text[(colon + 1)...])
    // RFC 8489 §14.3: USERNAME has fewer than 509 bytes.
    guard (1..<509).contains(name.count), !secret.isEmpty else { return nil }
    guard secret.starts(with: [UInt8(ascii: "0"), UInt8(ascii: "x")]) else {
        return ConfiguredUser(name: name, secret: .password(secret))
    }
    let key = hexadecimal(secret[2...], count: 16) ?? hexadecimal(secret[2...], count: 32)
    return key.map { ConfiguredUser(name: name, secret: .key($0)) }
}

/// Exactly `count` bytes written as pairs of hexadecimal digits.
private func hexadecimal(_ text: ArraySlice<UInt8>, count: Int) -> [UInt8]? {
    let digits = text.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
    guard digits.count == text.count, digits.count == 2 * count else { return nil }
    return (0..<count).map { UInt8(truncatingIfNeeded: digits[2 * $0] << 4 | digits[2 * $0 + 1]) }
}
