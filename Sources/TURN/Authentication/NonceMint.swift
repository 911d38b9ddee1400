package import Addressing
import Cryptography
import STUN

/// Makes and recognises nonces without remembering any (RFC 8489 §9.2): a nonce carries its time of issue and a MAC over
/// that time and the client's address, port and transport. So a nonce never serves two clients, costs no state before the
/// client has shown that it receives at its address, and survives a change of worker, listener or, with a shared key,
/// of server.
///
///     obMatJos2AAAA 6a01b2c3 Zk0f3xQ9nVt2aBcD
///     cookie        time     MAC, 96 bits
package struct NonceMint: ~Copyable {
    /// What a nonce is worth.
    package enum Verdict: Sendable {
        /// Made here for this client, and young enough.
        case valid
        /// Made here for this client, too long ago.
        case expired
        /// Not made here, or for somebody else.
        case foreign
    }

    private static let timeByteCount = 8
    private static let macByteCount = 16
    /// Clocks of a fleet differ; a nonce from this many seconds ahead is still taken.
    private static let tolerableFutureSeconds: Int64 = 5

    /// What the nonces announce.
    let features: SecurityFeatures
    private let cookie: [UInt8]
    private let key: [UInt8]
    private let lifetimeSeconds: Int64
    private var hmac = HMAC(.sha256)

    /// A mint.
    ///
    /// - Parameters:
    ///   - key: 32 bytes shared by all workers, and by all servers of a fleet.
    ///   - lifetimeSeconds: how long a nonce is good for; zero is for ever.
    ///   - features: what the nonces announce. A nonce that announces anything else is foreign.
    package init(key: [UInt8], lifetimeSeconds: UInt32, features: SecurityFeatures = []) {
        self.features = features
        cookie = features.nonceCookie
        self.key = key
        self.lifetimeSeconds = Int64(lifetimeSeconds)
    }

    /// A fresh nonce for a client.
    package mutating func issue(
        to client: TransportAddress, over transport: ClientTransport, unixSeconds: Int64
    ) -> [UInt8] {
        let time = Self.hexadecimal(UInt32(truncatingIfNeeded: unixSeconds))
        return cookie + time + mac(time, client, transport)
    }

    /// What a nonce is worth that this client presents. The MAC is compared in constant time.
    package mutating func verify(
        _ nonce: Span<UInt8>, from client: TransportAddress, over transport: ClientTransport, unixSeconds: Int64
    ) -> Verdict {
        let macOffset = cookie.count + Self.timeByteCount
        guard nonce.count == macOffset + Self.macByteCount else { return .foreign }
        let time = nonce.extracting(cookie.count..<macOffset)
        let expected = cookie + time.copied() + mac(time.copied(), client, transport)
        guard ConstantTime.equal(nonce, expected.span), let issued = Self.number(time) else { return .foreign }
        let age = unixSeconds - Int64(issued)
        guard age >= -Self.tolerableFutureSeconds else { return .foreign }
        return lifetimeSeconds == 0 || age <= lifetimeSeconds ? .valid : .expired
    }

    private mutating func mac(_ time: [UInt8], _ client: TransportAddress, _ transport: ClientTransport) -> [UInt8] {
        var message: [UInt8] = []
        message.reserveCapacity(Self.timeByteCount + 2 + 3 * 8)
        message += time
        message.append(transport.rawValue)
        message.append(client.family.rawValue)
        for word in [client.ip.high, client.ip.low, UInt64(client.port)] {
            for shift in stride(from: 56, through: 0, by: -8) {
                message.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
            }
        }
        let key = key
        let tag = hmac.authenticate(message.span, key: key.span)
        return Base64.encode(Array(tag.bytes.prefix(12)))
    }

    private static let digits = Array("0123456789abcdef".utf8)

    private static func hexadecimal(_ value: UInt32) -> [UInt8] {
        (0..<timeByteCount).map { digits[Int(value >> UInt32(28 - 4 * $0) & 15)] }
    }

    private static func number(_ text: Span<UInt8>) -> UInt32? {
        var value: UInt32 = 0
        for index in text.indices {
            guard let digit = digits.firstIndex(of: text[index]) else { return nil }
            value = value << 4 | UInt32(digit)
        }
        return value
    }
}
