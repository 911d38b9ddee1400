/// A Binding request of RFC 3489, which has a transaction id of 128 bits and no magic cookie (RFC 8489 §11, §12).
package struct ClassicBinding: Sendable {
    /// Where later messages have the cookie: the first 32 bits of the id.
    package let leadingID: UInt32
    /// The other 96.
    package let transactionID: TransactionID
    /// What this server does not do for RFC 3489, each once: answering somewhere else, or from somewhere else, above all.
    package private(set) var refusedAttributes: [AttributeType] = []

    /// Reads a datagram; nil when it is anything else.
    package init?(_ bytes: Span<UInt8>) {
        guard bytes.count >= WireFormat.headerByteCount,
            bytes.uint16(at: 0) == MessageType(.binding, .request).wireValue,
            bytes.count == WireFormat.headerByteCount + Int(bytes.uint16(at: 2)), bytes.count % 4 == 0,
            bytes.uint32(at: 4) != WireFormat.magicCookie
        else { return nil }
        leadingID = bytes.uint32(at: 4)
        transactionID = TransactionID(high: bytes.uint32(at: 8), low: bytes.uint64(at: 12))
        var offset = WireFormat.headerByteCount
        for _ in 0..<WireFormat.maximumAttributeCount where offset < bytes.count {
            guard let attribute = AttributeLocation(in: bytes, at: offset, end: bytes.count) else { return nil }
            if Self.isRefused(attribute, in: bytes), !refusedAttributes.contains(attribute.type) {
                refusedAttributes.append(attribute.type)
            }
            offset = attribute.next
        }
        guard offset == bytes.count else { return nil }
    }

    /// PASSWORD of RFC 3489 §11.2.7, which was only for the answers to another method.
    private static var password: AttributeType { AttributeType(rawValue: 0x0007) }

    private static func isRefused(_ attribute: AttributeLocation, in bytes: Span<UInt8>) -> Bool {
        switch attribute.type {
        case password: false
        // Old clients always send it, and with no flag set it asks for nothing.
        case .changeRequest: attribute.length != 4 || bytes.uint32(at: attribute.value.lowerBound) != 0
        default: attribute.type.isComprehensionRequired && !attribute.type.isKnown
        }
    }
}
