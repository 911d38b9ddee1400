/// The first frame in the bytes of a TCP or TLS stream (RFC 8489 §6.2.2, RFC 8656 §12.5): a STUN message or a ChannelData
/// message with its padding.
package enum StreamFrame: Equatable, Sendable {
    /// A whole frame: the first `content` bytes are the message, and the next frame starts after `total` bytes.
    case complete(content: Int, total: Int)
    /// The frame is not all there; it will have `total` bytes, or nil when not even that can be told.
    case incomplete(total: Int?)
    /// No frame starts like this: the stream is out of step and must be closed.
    case invalid

    /// The longest frame the length fields allow.
    package static let maximumByteCount = WireFormat.headerByteCount + 65532

    /// Looks at the beginning of `bytes`. The first byte alone decides whether a frame can start there.
    package init(_ bytes: Span<UInt8>) {
        guard !bytes.isEmpty else {
            self = .incomplete(total: nil)
            return
        }
        switch PacketKind(firstByte: bytes[0]) {
        case .stun: self.init(stun: bytes)
        case .channelData: self.init(channelData: bytes)
        case .dtls, .other: self = .invalid
        }
    }

    private init(stun bytes: Span<UInt8>) {
        guard bytes.count >= 4 else {
            self = .incomplete(total: nil)
            return
        }
        let length = Int(bytes.uint16(at: 2))
        // A length that is no multiple of four, or a wrong cookie, means that we are not looking at a header.
        guard length % 4 == 0,
            bytes.count < 8 || bytes.uint32(at: 4) == WireFormat.magicCookie
        else {
            self = .invalid
            return
        }
        self.init(content: WireFormat.headerByteCount + length, available: bytes.count)
    }

    private init(channelData bytes: Span<UInt8>) {
        guard bytes.count >= WireFormat.channelDataHeaderByteCount else {
            self = .incomplete(total: nil)
            return
        }
        self.init(content: WireFormat.channelDataHeaderByteCount + Int(bytes.uint16(at: 2)), available: bytes.count)
    }

    private init(content: Int, available: Int) {
        let total = WireFormat.padded(content)
        self = available >= total ? .complete(content: content, total: total) : .incomplete(total: total)
    }
}
