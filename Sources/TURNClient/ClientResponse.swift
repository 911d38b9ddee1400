package import Addressing
package import STUN

/// A success or error response, with what TURN responses carry.
package struct ClientResponse: Sendable {
    /// What was asked.
    package let method: Method
    /// The code of an error response; nil for success.
    package let errorCode: UInt16?
    /// Whether its message integrity is there and right under the key of the request.
    package let isAuthentic: Bool
    /// XOR-MAPPED-ADDRESS: where the request came from.
    package let mappedAddress: TransportAddress?
    /// Each XOR-RELAYED-ADDRESS, in order.
    package let relayedAddresses: [TransportAddress]
    /// LIFETIME.
    package let lifetimeSeconds: UInt32?
    /// RESERVATION-TOKEN.
    package let reservationToken: UInt64?
    /// CONNECTION-ID.
    package let connectionID: UInt32?
    /// MOBILITY-TICKET (RFC 8016 §3.5).
    package let mobilityTicket: [UInt8]?
    /// UNKNOWN-ATTRIBUTES.
    package let unknownAttributes: [AttributeType]
    /// The type of every attribute in front of the message integrity, in order.
    package let attributeTypes: [AttributeType]
    /// Whether it ends in a right FINGERPRINT.
    package let hasFingerprint: Bool
    /// The bytes themselves.
    package let message: [UInt8]

    /// Whether the server did what was asked.
    package var isSuccess: Bool { errorCode == nil }
    /// The first relayed address.
    package var relayedAddress: TransportAddress? { relayedAddresses.first }

    /// Reads a response; nil when it is none, or an error response without a code.
    init?(_ reader: borrowing MessageReader, isAuthentic: Bool) {
        switch (reader.type.class, reader.errorCode) {
        case (.success, _): errorCode = nil
        case (.error, .value(let code)): errorCode = code
        default: return nil
        }
        method = reader.type.method
        self.isAuthentic = isAuthentic
        hasFingerprint = reader.hasFingerprint
        message = reader.bytes.copied()
        lifetimeSeconds = reader.lifetimeSeconds.ifValid
        reservationToken = reader.reservationToken.ifValid
        connectionID = reader.uint32(.connectionID).ifValid
        mobilityTicket = reader.value(of: .mobilityTicket)?.copied()

        var mapped: TransportAddress?
        var relayed: [TransportAddress] = []
        var types: [AttributeType] = []
        var offset = WireFormat.headerByteCount
        while let attribute = reader.nextAttribute(&offset) {
            types.append(attribute.type)
            if attribute.type == .xorMappedAddress, mapped == nil { mapped = reader.xorAddress(at: attribute) }
            if attribute.type == .xorRelayedAddress, let address = reader.xorAddress(at: attribute) {
                relayed.append(address)
            }
        }
        mappedAddress = mapped
        relayedAddresses = relayed
        attributeTypes = types
        unknownAttributes = Self.unknownAttributes(reader)
    }

    private static func unknownAttributes(_ reader: borrowing MessageReader) -> [AttributeType] {
        guard let list = reader.value(of: .unknownAttributes) else { return [] }
        return stride(from: 0, to: list.count - 1, by: 2).map { AttributeType(rawValue: list.uint16(at: $0)) }
    }
}

extension AttributeValue {
    /// The value; nil when it is absent or malformed.
    var ifValid: Value? {
        if case .value(let value) = self { value } else { nil }
    }
}
