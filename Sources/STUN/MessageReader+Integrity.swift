package import Cryptography

extension MessageReader {
    /// Whether MESSAGE-INTEGRITY is there and right under `key` (RFC 8489 §14.5). `hmac` must be HMAC-SHA1.
    package func verifyIntegrity(key: Span<UInt8>, using hmac: inout HMAC) -> Bool {
        guard let offset = integrityOffset else { return false }
        let tag = authenticate(upTo: offset, valueByteCount: 20, key: key, using: &hmac)
        return tag.matches(bytes.extracting(offset + 4..<offset + 24))
    }

    /// Whether MESSAGE-INTEGRITY-SHA256 is there, whole, and right under `key` (RFC 8489 §14.6). `hmac` must be
    /// HMAC-SHA256. Truncated values are refused: no usage of this server allows them.
    package func verifyIntegritySHA256(key: Span<UInt8>, using hmac: inout HMAC) -> Bool {
        guard let offset = integritySHA256Offset, bytes.uint16(at: offset + 2) == 32 else { return false }
        let tag = authenticate(upTo: offset, valueByteCount: 32, key: key, using: &hmac)
        return tag.matches(bytes.extracting(offset + 4..<offset + 36))
    }

    /// The HMAC over everything in front of the attribute at `offset`, with the header's length field counting up to the
    /// end of that attribute.
    private func authenticate(
        upTo offset: Int, valueByteCount: Int, key: Span<UInt8>, using hmac: inout HMAC
    ) -> AuthenticationTag {
        let length = offset + WireFormat.attributeHeaderByteCount + valueByteCount - WireFormat.headerByteCount
        let start: [4 of UInt8] = [
            bytes[0], bytes[1], UInt8(truncatingIfNeeded: length >> 8), UInt8(truncatingIfNeeded: length),
        ]
        hmac.begin(key: key)
        hmac.update(start.span)
        hmac.update(bytes.extracting(4..<offset))
        return hmac.finish()
    }
}
