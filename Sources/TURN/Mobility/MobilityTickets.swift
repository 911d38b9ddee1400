import Cryptography
import STUN

/// Makes and reads MOBILITY-TICKET (RFC 8016 §3.5) without remembering any: a ticket is the name of an allocation, encrypted
/// and sealed, so that nobody can make one up or tell two of one allocation apart.
///
///     nonce, 12 bytes | AES-256-GCM of the name, 8 bytes | tag, 16 bytes
struct MobilityTickets {
    private let cipher: AuthenticatedCipher

    /// Tickets under a key of 32 bytes; nil for any other, which is to say without mobility.
    init?(key: [UInt8]) {
        guard let cipher = AuthenticatedCipher(.aes256GCM, key: key) else { return nil }
        self.cipher = cipher
    }

    /// A ticket unlike all others.
    func issue(for id: MobilityID, _ random: inout RandomPool) -> [UInt8]? {
        let nonce = Self.bytes(random.next()) + Self.bytes(random.next()).prefix(4)
        let name = Self.bytes(id.rawValue)
        return cipher.seal(name, nonce: nonce).map { nonce + $0 }
    }

    /// The allocation that a ticket names; nil when it was not made here.
    func allocation(in ticket: Span<UInt8>) -> MobilityID? {
        guard ticket.count == Self.byteCount else { return nil }
        let bytes = ticket.copied()
        let nonceByteCount = AuthenticatedCipher.nonceByteCount
        guard let name = cipher.open(Array(bytes[nonceByteCount...]), nonce: Array(bytes[..<nonceByteCount])) else {
            return nil
        }
        return MobilityID(rawValue: UInt64(name.span.uint32(at: 0)) << 32 | UInt64(name.span.uint32(at: 4)))
    }

    private static let byteCount = AuthenticatedCipher.nonceByteCount + 8 + AuthenticatedCipher.tagByteCount

    private static func bytes(_ value: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64(56 - 8 * $0)) }
    }
}
