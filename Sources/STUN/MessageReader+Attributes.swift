package import Addressing

// Typed access to the attributes. Where an attribute stands more than once, the first counts (RFC 8489 §14).

extension MessageReader {
    /// The acting attribute at or after `offset`, which then moves behind it; nil at the end.
    package func nextAttribute(_ offset: inout Int) -> AttributeLocation? {
        guard offset < actingEnd, let attribute = AttributeLocation(in: bytes, at: offset, end: actingEnd) else {
            return nil
        }
        offset = attribute.next
        return attribute
    }

    /// The first acting attribute of a type.
    package func locate(_ type: AttributeType) -> AttributeLocation? {
        var offset = WireFormat.headerByteCount
        while let attribute = nextAttribute(&offset) {
            if attribute.type == type { return attribute }
        }
        return nil
    }

    /// Whether an acting attribute of this type is there.
    package func contains(_ type: AttributeType) -> Bool { locate(type) != nil }

    /// The raw value of an attribute.
    @_lifetime(copy self)
    package func value(of type: AttributeType) -> Span<UInt8>? {
        guard let location = locate(type) else { return nil }
        return bytes.extracting(location.value)
    }

    /// A value of exactly four bytes, as one number.
    package func uint32(_ type: AttributeType) -> AttributeValue<UInt32> {
        guard let location = locate(type) else { return .absent }
        guard location.length == 4 else { return .malformed }
        return .value(bytes.uint32(at: location.value.lowerBound))
    }

    /// LIFETIME in seconds (RFC 8656 §18.2).
    package var lifetimeSeconds: AttributeValue<UInt32> { uint32(.lifetime) }

    /// CHANNEL-NUMBER; the two reserved bytes are ignored (RFC 8656 §18.1).
    package var channelNumber: AttributeValue<ChannelNumber> {
        uint32(.channelNumber).map { ChannelNumber(rawValue: UInt16(truncatingIfNeeded: $0 >> 16)) }
    }

    /// RESPONSE-PORT; the two bytes behind the port are ignored (RFC 5780 §7.5).
    package var responsePort: AttributeValue<UInt16> {
        uint32(.responsePort).map { UInt16(truncatingIfNeeded: $0 >> 16) }
    }

    /// The protocol number in REQUESTED-TRANSPORT, 17 for UDP; the other bytes are ignored (RFC 8656 §18.8).
    package var requestedTransport: AttributeValue<UInt8> {
        uint32(.requestedTransport).map { UInt8(truncatingIfNeeded: $0 >> 24) }
    }

    /// The family number in REQUESTED-ADDRESS-FAMILY, valid or not (RFC 8656 §18.6).
    package var requestedAddressFamily: AttributeValue<UInt8> {
        uint32(.requestedAddressFamily).map { UInt8(truncatingIfNeeded: $0 >> 24) }
    }

    /// The family number in ADDITIONAL-ADDRESS-FAMILY, valid or not (RFC 8656 §18.11).
    package var additionalAddressFamily: AttributeValue<UInt8> {
        uint32(.additionalAddressFamily).map { UInt8(truncatingIfNeeded: $0 >> 24) }
    }

    /// Whether EVEN-PORT asks for the next port too (RFC 8656 §18.7). libnice sends four bytes, of which only the first
    /// is the one of the RFC.
    package var evenPortReservesNext: AttributeValue<Bool> {
        guard let location = locate(.evenPort) else { return .absent }
        guard location.length >= 1 else { return .malformed }
        return .value(bytes[location.value.lowerBound] & 0x80 != 0)
    }

    /// RESERVATION-TOKEN (RFC 8656 §18.10).
    package var reservationToken: AttributeValue<UInt64> {
        guard let location = locate(.reservationToken) else { return .absent }
        guard location.length == 8 else { return .malformed }
        return .value(bytes.uint64(at: location.value.lowerBound))
    }

    /// The first XOR-PEER-ADDRESS (RFC 8656 §18.3).
    package var peerAddress: AttributeValue<TransportAddress> {
        guard let location = locate(.xorPeerAddress) else { return .absent }
        return xorAddress(at: location).map { .value($0) } ?? .malformed
    }

    /// The address in an XOR- address attribute; nil when family and length do not fit (RFC 8489 §14.2).
    package func xorAddress(at location: AttributeLocation) -> TransportAddress? {
        guard let address = plainAddress(at: location) else { return nil }
        let port = address.port ^ UInt16(truncatingIfNeeded: WireFormat.magicCookie >> 16)
        return TransportAddress(address.ip.xored(with: transactionID), port: port)
    }

    /// The address in an attribute that is not XORed (RFC 8489 §14.1). The first byte is ignored.
    package func plainAddress(at location: AttributeLocation) -> TransportAddress? {
        let start = location.value.lowerBound
        guard location.length >= 4 else { return nil }
        let port = bytes.uint16(at: start + 2)
        switch (bytes[start + 1], location.length) {
        case (IPAddress.Family.ipv4.rawValue, 8):
            return TransportAddress(IPAddress(v4: bytes.uint32(at: start + 4)), port: port)
        case (IPAddress.Family.ipv6.rawValue, 20):
            let ip = IPAddress(v6High: bytes.uint64(at: start + 4), low: bytes.uint64(at: start + 12))
            return TransportAddress(ip, port: port)
        default:
            return nil
        }
    }

    /// ERROR-CODE of a response: class times 100 plus number (RFC 8489 §14.8).
    package var errorCode: AttributeValue<UInt16> {
        guard let location = locate(.errorCode) else { return .absent }
        guard location.length >= 4 else { return .malformed }
        let start = location.value.lowerBound
        let hundreds = UInt16(bytes[start + 2] & 0x07)
        let number = UInt16(bytes[start + 3])
        guard (3...6).contains(hundreds), number < 100 else { return .malformed }
        return .value(hundreds * 100 + number)
    }

    /// The comprehension-required attributes that are not in the registry, each once, at most 16 (RFC 8489 §6.3.1).
    package var unknownRequiredAttributes: [AttributeType] {
        var unknown: [AttributeType] = []
        var offset = WireFormat.headerByteCount
        while let attribute = nextAttribute(&offset), unknown.count < 16 {
            let type = attribute.type
            if type.isComprehensionRequired, !type.isKnown, !unknown.contains(type) { unknown.append(type) }
        }
        return unknown
    }
}

extension AttributeValue {
    func map<Other>(_ transform: (Value) -> Other) -> AttributeValue<Other> {
        switch self {
        case .absent: .absent
        case .malformed: .malformed
        case .value(let value): .value(transform(value))
        }
    }
}
