package import Addressing
import Cryptography
package import STUN

/// A message from the server, taken apart by code that shares nothing with the server's own reader. It is stricter: padding
/// must be zero and nothing may stand behind the last attribute.
package struct Reply: Equatable {
    /// One attribute.
    package struct Attribute: Equatable {
        /// Its type.
        package let type: AttributeType
        /// Its value, without padding.
        package let value: [UInt8]
    }

    /// The message as it came.
    package let bytes: [UInt8]
    /// Method and class.
    package let type: MessageType
    /// The attributes in order.
    package let attributes: [Attribute]

    /// Takes a message apart; nil when anything is wrong with it.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count >= 20, bytes.count == 20 + Int(bytes[2]) << 8 + Int(bytes[3]), bytes.count % 4 == 0,
            bytes[0] < 64, Array(bytes[4..<8]) == [0x21, 0x12, 0xA4, 0x42]
        else { return nil }
        var attributes: [Attribute] = []
        var offset = 20
        while offset < bytes.count {
            let type = AttributeType(rawValue: UInt16(bytes[offset]) << 8 | UInt16(bytes[offset + 1]))
            let length = Int(bytes[offset + 2]) << 8 | Int(bytes[offset + 3])
            let end = offset + 4 + length
            let next = (end + 3) / 4 * 4
            guard next <= bytes.count, bytes[end..<next].allSatisfy({ $0 == 0 }) else { return nil }
            attributes.append(Attribute(type: type, value: Array(bytes[offset + 4..<end])))
            offset = next
        }
        self.bytes = bytes
        self.attributes = attributes
        type = MessageType(wireValue: UInt16(bytes[0]) << 8 | UInt16(bytes[1]))
    }

    /// The twelve bytes of the transaction id.
    package var transactionID: [UInt8] { Array(bytes[8..<20]) }
    /// The types of the attributes, in order.
    package var types: [AttributeType] { attributes.map(\.type) }
    /// Whether it is a success response.
    package var isSuccess: Bool { type.class == .success }

    /// The value of the first attribute of a type.
    package func value(_ type: AttributeType) -> [UInt8]? { attributes.first { $0.type == type }?.value }

    /// The code in ERROR-CODE, whose reserved bits must be zero.
    package var error: UInt16? {
        guard type.class == .error, let value = value(.errorCode), value.count >= 4, value[0] == 0, value[1] == 0,
            (3...6).contains(value[2]), value[3] < 100
        else { return nil }
        return UInt16(value[2]) * 100 + UInt16(value[3])
    }

    /// The seconds in LIFETIME.
    package var lifetime: UInt32? { value(.lifetime).flatMap { $0.count == 4 ? Self.number($0[...]) : nil } }
    /// XOR-MAPPED-ADDRESS.
    package var mapped: TransportAddress? { value(.xorMappedAddress).flatMap(address) }
    /// XOR-PEER-ADDRESS.
    package var peer: TransportAddress? { value(.xorPeerAddress).flatMap(address) }
    /// Every XOR-RELAYED-ADDRESS.
    package var relayed: [TransportAddress] {
        attributes.filter { $0.type == .xorRelayedAddress }.compactMap { address($0.value) }
    }
    /// An address that is not XORed, as in MAPPED-ADDRESS.
    package func plainAddress(_ type: AttributeType) -> TransportAddress? {
        guard let value = value(type), value[0] == 0 else { return nil }
        let port = UInt16(value[2]) << 8 | UInt16(value[3])
        let bits = value[4...].reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        return TransportAddress(IPAddress(bits: bits, family: value[1] == 1 ? .ipv4 : .ipv6), port: port)
    }
    /// RESERVATION-TOKEN.
    package var token: UInt64? {
        value(.reservationToken).flatMap { $0.count == 8 ? $0.reduce(0) { $0 << 8 | UInt64($1) } : nil }
    }
    /// The numbers in UNKNOWN-ATTRIBUTES.
    package var unknownAttributes: [UInt16]? {
        value(.unknownAttributes).map { value in
            stride(from: 0, to: value.count, by: 2).map { UInt16(value[$0]) << 8 | UInt16(value[$0 + 1]) }
        }
    }
    /// Family and code of ADDRESS-ERROR-CODE.
    package var addressError: (family: UInt8, code: UInt16)? {
        guard let value = value(.addressErrorCode), value.count >= 4 else { return nil }
        return (value[0], UInt16(value[2]) * 100 + UInt16(value[3]))
    }

    /// Whether MESSAGE-INTEGRITY is there and right under a key.
    package func hasIntegrity(under key: [UInt8]) -> Bool {
        var hmac = HMAC(.sha1)
        guard let reader = try? MessageReader(bytes.span) else { return false }
        return reader.verifyIntegrity(key: key.span, using: &hmac)
    }

    /// Whether MESSAGE-INTEGRITY-SHA256 is there and right under a key.
    package func hasIntegritySHA256(under key: [UInt8]) -> Bool {
        var hmac = HMAC(.sha256)
        guard let reader = try? MessageReader(bytes.span) else { return false }
        return reader.verifyIntegritySHA256(key: key.span, using: &hmac)
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 { bytes.reduce(0) { $0 << 8 | UInt32($1) } }

    /// Undoes the XOR of RFC 8489 §14.2, byte by byte.
    private func address(_ value: [UInt8]) -> TransportAddress? {
        guard value.count == 8 && value[1] == 1 || value.count == 20 && value[1] == 2, value[0] == 0 else { return nil }
        let plain = zip(value[4...], bytes[4...]).map { $0 ^ $1 }
        let port = UInt16(value[2] ^ bytes[4]) << 8 | UInt16(value[3] ^ bytes[5])
        let bits = plain.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        return TransportAddress(IPAddress(bits: bits, family: value[1] == 1 ? .ipv4 : .ipv6), port: port)
    }
}
