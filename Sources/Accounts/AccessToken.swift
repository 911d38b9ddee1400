internal import Cryptography

/// What an authorization server says of a client, under a key that it shares with this server (RFC 7635 §6.2).
///
///     length of the nonce, 2 bytes | nonce | sealed: length of the key, 2 bytes | key | time, 8 bytes | lifetime, 4 bytes
package struct AccessToken: Sendable {
    /// The key of the client's message integrities.
    package let macKey: [UInt8]
    /// The last second, since 1970-01-01 UTC, at which the token is good.
    package let expiry: Int64
    private let issued: Int64

    /// Clocks differ by so much (RFC 7635 §4.1.1).
    private static let toleranceSeconds: Int64 = 5

    /// Opens a token. Nil when anything about it is not as `cipher` and the server's name have sealed it.
    init?(_ bytes: [UInt8], cipher: AuthenticatedCipher, serverName: [UInt8]) {
        guard let nonceByteCount = Self.number(bytes, 0..<2), bytes.count >= 2 + Int(nonceByteCount) else { return nil }
        let sealed = Array(bytes[(2 + Int(nonceByteCount))...])
        let nonce = Array(bytes[2..<2 + Int(nonceByteCount)])
        guard let text = cipher.open(sealed, nonce: nonce, associated: serverName),
            let keyByteCount = Self.number(text, 0..<2), keyByteCount > 0
        else { return nil }
        let end = 2 + Int(keyByteCount)
        // 48 bits of seconds and 16 of fractions.
        guard let time = Self.number(text, end..<end + 8), let lifetime = Self.number(text, end + 8..<end + 12),
            text.count == end + 12
        else { return nil }
        macKey = Array(text[2..<end])
        issued = Int64(time >> 16)
        expiry = issued + Int64(lifetime)
    }

    /// Whether the token may be used: its time of issue is not further away than its lifetime, give or take five seconds.
    func isValid(at unixSeconds: Int64) -> Bool {
        abs(unixSeconds - issued) < expiry - issued + Self.toleranceSeconds
    }

    private static func number(_ bytes: [UInt8], _ range: Range<Int>) -> UInt64? {
        guard range.upperBound <= bytes.count else { return nil }
        return bytes[range].reduce(0) { $0 << 8 | UInt64($1) }
    }
}
