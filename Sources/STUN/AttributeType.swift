/// The registry of STUN attributes: RFC 8489 §18.3, RFC 8656 §18, RFC 6062 §6.2, RFC 5780 §9.1, RFC 7635 §9, RFC 8016 §5,
/// RFC 8445 §16.1. The one table of attributes; names, comprehension and tests derive from it.
package struct AttributeType: RawRepresentable, Hashable, Sendable, BitwiseCopyable {
    /// The 16-bit type on the wire.
    package let rawValue: UInt16

    /// Wraps a type, known or not.
    @inlinable
    package init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// Types below 0x8000 must be understood, or the request is refused with 420 (RFC 8489 §14).
    @inlinable
    package var isComprehensionRequired: Bool { rawValue < 0x8000 }

    /// Whether the type stands in the table. The known comprehension-required ones are all below 64, so that the check on
    /// every attribute of a Send indication is one bit.
    package var isKnown: Bool {
        rawValue < 64 ? Self.knownBelow64 >> UInt64(rawValue) & 1 == 1 : Self.names[self] != nil
    }

    private static let knownBelow64: UInt64 = names.keys.reduce(0) { bits, type in
        type.rawValue < 64 ? bits | 1 << UInt64(type.rawValue) : bits
    }

    // Comprehension-required
    package static let mappedAddress = AttributeType(rawValue: 0x0001)
    package static let changeRequest = AttributeType(rawValue: 0x0003)
    package static let username = AttributeType(rawValue: 0x0006)
    package static let messageIntegrity = AttributeType(rawValue: 0x0008)
    package static let errorCode = AttributeType(rawValue: 0x0009)
    package static let unknownAttributes = AttributeType(rawValue: 0x000A)
    package static let channelNumber = AttributeType(rawValue: 0x000C)
    package static let lifetime = AttributeType(rawValue: 0x000D)
    package static let xorPeerAddress = AttributeType(rawValue: 0x0012)
    package static let data = AttributeType(rawValue: 0x0013)
    package static let realm = AttributeType(rawValue: 0x0014)
    package static let nonce = AttributeType(rawValue: 0x0015)
    package static let xorRelayedAddress = AttributeType(rawValue: 0x0016)
    package static let requestedAddressFamily = AttributeType(rawValue: 0x0017)
    package static let evenPort = AttributeType(rawValue: 0x0018)
    package static let requestedTransport = AttributeType(rawValue: 0x0019)
    package static let dontFragment = AttributeType(rawValue: 0x001A)
    package static let accessToken = AttributeType(rawValue: 0x001B)
    package static let messageIntegritySHA256 = AttributeType(rawValue: 0x001C)
    package static let passwordAlgorithm = AttributeType(rawValue: 0x001D)
    package static let userhash = AttributeType(rawValue: 0x001E)
    package static let xorMappedAddress = AttributeType(rawValue: 0x0020)
    package static let reservationToken = AttributeType(rawValue: 0x0022)
    package static let priority = AttributeType(rawValue: 0x0024)
    package static let useCandidate = AttributeType(rawValue: 0x0025)
    package static let padding = AttributeType(rawValue: 0x0026)
    package static let responsePort = AttributeType(rawValue: 0x0027)
    package static let connectionID = AttributeType(rawValue: 0x002A)

    // Comprehension-optional
    package static let additionalAddressFamily = AttributeType(rawValue: 0x8000)
    package static let addressErrorCode = AttributeType(rawValue: 0x8001)
    package static let passwordAlgorithms = AttributeType(rawValue: 0x8002)
    package static let alternateDomain = AttributeType(rawValue: 0x8003)
    package static let icmp = AttributeType(rawValue: 0x8004)
    package static let software = AttributeType(rawValue: 0x8022)
    package static let alternateServer = AttributeType(rawValue: 0x8023)
    package static let fingerprint = AttributeType(rawValue: 0x8028)
    package static let iceControlled = AttributeType(rawValue: 0x8029)
    package static let iceControlling = AttributeType(rawValue: 0x802A)
    package static let responseOrigin = AttributeType(rawValue: 0x802B)
    package static let otherAddress = AttributeType(rawValue: 0x802C)
    package static let thirdPartyAuthorization = AttributeType(rawValue: 0x802E)
    package static let origin = AttributeType(rawValue: 0x802F)
    package static let mobilityTicket = AttributeType(rawValue: 0x8030)

    /// Every attribute that Culvert knows, with its name. BANDWIDTH (0x0010) and TIMER-VAL (0x0021) are not among them:
    /// RFC 8656 took them back, so a request that carries one is refused with 420.
    package static let names: [AttributeType: String] = [
        .mappedAddress: "MAPPED-ADDRESS", .changeRequest: "CHANGE-REQUEST", .username: "USERNAME",
        .messageIntegrity: "MESSAGE-INTEGRITY", .errorCode: "ERROR-CODE", .unknownAttributes: "UNKNOWN-ATTRIBUTES",
        .channelNumber: "CHANNEL-NUMBER", .lifetime: "LIFETIME", .xorPeerAddress: "XOR-PEER-ADDRESS", .data: "DATA",
        .realm: "REALM", .nonce: "NONCE", .xorRelayedAddress: "XOR-RELAYED-ADDRESS",
        .requestedAddressFamily: "REQUESTED-ADDRESS-FAMILY", .evenPort: "EVEN-PORT",
        .requestedTransport: "REQUESTED-TRANSPORT", .dontFragment: "DONT-FRAGMENT", .accessToken: "ACCESS-TOKEN",
        .messageIntegritySHA256: "MESSAGE-INTEGRITY-SHA256", .passwordAlgorithm: "PASSWORD-ALGORITHM",
        .userhash: "USERHASH", .xorMappedAddress: "XOR-MAPPED-ADDRESS", .reservationToken: "RESERVATION-TOKEN",
        .priority: "PRIORITY", .useCandidate: "USE-CANDIDATE", .padding: "PADDING", .responsePort: "RESPONSE-PORT",
        .connectionID: "CONNECTION-ID", .additionalAddressFamily: "ADDITIONAL-ADDRESS-FAMILY",
        .addressErrorCode: "ADDRESS-ERROR-CODE", .passwordAlgorithms: "PASSWORD-ALGORITHMS",
        .alternateDomain: "ALTERNATE-DOMAIN", .icmp: "ICMP", .software: "SOFTWARE",
        .alternateServer: "ALTERNATE-SERVER", .fingerprint: "FINGERPRINT", .iceControlled: "ICE-CONTROLLED",
        .iceControlling: "ICE-CONTROLLING", .responseOrigin: "RESPONSE-ORIGIN", .otherAddress: "OTHER-ADDRESS",
        .thirdPartyAuthorization: "THIRD-PARTY-AUTHORIZATION", .origin: "ORIGIN", .mobilityTicket: "MOBILITY-TICKET",
    ]
}

extension AttributeType: CustomStringConvertible {
    /// The name in the table, or the number.
    package var description: String {
        Self.names[self] ?? "0x" + String(rawValue, radix: 16)
    }
}
