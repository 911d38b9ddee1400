/// A STUN message over borrowed bytes (RFC 8489 §5, §14). The initialiser checks the whole structure once; after that
/// every attribute is read in place, without copies.
///
/// Only attributes in front of the first message integrity act. What follows it is outside the HMAC, so anybody may have
/// put it there; only MESSAGE-INTEGRITY-SHA256 and FINGERPRINT are looked for behind it (RFC 8489 §14.5).
package struct MessageReader: ~Escapable {
    /// The whole message, header included.
    package let bytes: Span<UInt8>
    /// Method and class.
    package let type: MessageType
    /// Where the acting attributes end.
    let actingEnd: Int
    /// Where the MESSAGE-INTEGRITY attribute begins.
    let integrityOffset: Int?
    /// Where the MESSAGE-INTEGRITY-SHA256 attribute begins.
    let integritySHA256Offset: Int?
    /// Whether the message ends in a FINGERPRINT, which then is right.
    package let hasFingerprint: Bool

    /// Checks `bytes`, which must be exactly one message.
    @_lifetime(copy bytes)
    package init(_ bytes: Span<UInt8>) throws(MalformedMessage) {
        try Self.checkHeader(bytes)
        let structure = try Structure(bytes)
        if let fingerprint = structure.fingerprint {
            // A FINGERPRINT anywhere but at the end is ignored: old pion clients put it in the middle.
            let covered = bytes.extracting(0..<fingerprint.offset)
            guard fingerprint.length == 4,
                Fingerprint.value(of: covered) == bytes.uint32(at: fingerprint.value.lowerBound)
            else { throw .wrongFingerprint }
        }
        self.bytes = bytes
        type = MessageType(wireValue: bytes.uint16(at: 0))
        actingEnd = structure.actingEnd
        integrityOffset = structure.integrityOffset
        integritySHA256Offset = structure.integritySHA256Offset
        hasFingerprint = structure.fingerprint != nil
    }

    /// The transaction id.
    package var transactionID: TransactionID {
        TransactionID(high: bytes.uint32(at: 8), low: bytes.uint64(at: 12))
    }

    /// Whether the message carries MESSAGE-INTEGRITY or MESSAGE-INTEGRITY-SHA256.
    package var hasIntegrity: Bool { integrityOffset != nil || integritySHA256Offset != nil }

    /// Whether the message carries MESSAGE-INTEGRITY-SHA256.
    package var hasIntegritySHA256: Bool { integritySHA256Offset != nil }

    private static func checkHeader(_ bytes: Span<UInt8>) throws(MalformedMessage) {
        guard bytes.count >= WireFormat.headerByteCount else { throw .tooShort }
        guard bytes[0] & 0b1100_0000 == 0 else { throw .notSTUN }
        guard bytes.uint32(at: 4) == WireFormat.magicCookie else { throw .wrongMagicCookie }
        let length = Int(bytes.uint16(at: 2))
        guard length % 4 == 0, bytes.count == WireFormat.headerByteCount + length else { throw .wrongLength }
    }
}

/// What one walk over the attributes finds out.
private struct Structure {
    var actingEnd: Int
    var integrityOffset: Int?
    var integritySHA256Offset: Int?
    /// Only set when FINGERPRINT is the last attribute.
    var fingerprint: AttributeLocation?

    init(_ bytes: Span<UInt8>) throws(MalformedMessage) {
        actingEnd = bytes.count
        var offset = WireFormat.headerByteCount
        var count = 0
        while offset < bytes.count {
            count += 1
            guard count <= WireFormat.maximumAttributeCount else { throw .tooManyAttributes }
            guard let attribute = AttributeLocation(in: bytes, at: offset, end: bytes.count) else {
                throw .attributeOverrun
            }
            try note(attribute)
            offset = attribute.next
        }
    }

    private mutating func note(_ attribute: AttributeLocation) throws(MalformedMessage) {
        fingerprint = attribute.type == .fingerprint ? attribute : nil
        switch attribute.type {
        case .messageIntegrity where integrityOffset == nil && integritySHA256Offset == nil:
            guard attribute.length == 20 else { throw .badIntegrityLength }
            integrityOffset = attribute.offset
            actingEnd = min(actingEnd, attribute.offset)
        case .messageIntegritySHA256 where integritySHA256Offset == nil:
            // RFC 8489 §14.6: 16 to 32 bytes, a multiple of four. No usage here allows the short forms, but they parse.
            guard (16...32).contains(attribute.length), attribute.length % 4 == 0 else { throw .badIntegrityLength }
            integritySHA256Offset = attribute.offset
            actingEnd = min(actingEnd, attribute.offset)
        default:
            break
        }
    }
}
