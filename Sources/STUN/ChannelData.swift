/// The header of a ChannelData message: channel number and length of the payload (RFC 8656 §12.4).
package struct ChannelData: Sendable, BitwiseCopyable {
    /// The channel that the payload goes through.
    package let channel: ChannelNumber
    /// The bytes of payload behind the header, without padding.
    package let length: Int

    /// Reads the header of a ChannelData message that fills `bytes`; nil when the length field says more than is there.
    /// Bytes behind the payload are padding or junk and are not relayed (RFC 8656 §12.5).
    @inlinable
    package init?(_ bytes: Span<UInt8>) {
        guard bytes.count >= WireFormat.channelDataHeaderByteCount else { return nil }
        let length = Int(bytes.uint16(at: 2))
        guard length <= bytes.count - WireFormat.channelDataHeaderByteCount else { return nil }
        channel = ChannelNumber(rawValue: bytes.uint16(at: 0))
        self.length = length
    }

    /// Where the payload lies in the message.
    @inlinable
    package var payload: Range<Int> {
        WireFormat.channelDataHeaderByteCount..<WireFormat.channelDataHeaderByteCount + length
    }

    /// The four bytes of the header, as one number in network order.
    @inlinable
    package static func header(_ channel: ChannelNumber, length: UInt16) -> UInt32 {
        UInt32(channel.rawValue) << 16 | UInt32(length)
    }
}
