/// Where an attribute stands in a message: its type, and the place of its value.
package struct AttributeLocation: Sendable, BitwiseCopyable {
    /// The attribute's type.
    package let type: AttributeType
    /// Where its header begins, counted from the start of the message.
    package let offset: Int
    /// The length of its value, without padding.
    package let length: Int

    /// Reads the attribute header at `offset`; nil when header, value or padding reach past `end`.
    init?(in bytes: Span<UInt8>, at offset: Int, end: Int) {
        guard offset + WireFormat.attributeHeaderByteCount <= end else { return nil }
        type = AttributeType(rawValue: bytes.uint16(at: offset))
        length = Int(bytes.uint16(at: offset + 2))
        self.offset = offset
        guard next <= end else { return nil }
    }

    /// Where the value lies.
    package var value: Range<Int> {
        let start = offset + WireFormat.attributeHeaderByteCount
        return start..<start + length
    }

    /// Where the next attribute begins.
    package var next: Int { offset + WireFormat.attributeHeaderByteCount + WireFormat.padded(length) }
}
