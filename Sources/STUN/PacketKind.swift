/// What a packet is, told by its first byte (RFC 7983 §7, RFC 8656 §12).
package enum PacketKind: Sendable {
    /// 0 to 3: a STUN message.
    case stun
    /// 20 to 63: a DTLS record.
    case dtls
    /// 64 to 127: ChannelData. RFC 8656 uses 0x40 to 0x4F; RFC 5766 allowed up to 0x7F.
    case channelData
    /// Anything else.
    case other

    /// Classifies by the first byte.
    @inlinable
    package init(firstByte: UInt8) {
        switch firstByte {
        case 0...3: self = .stun
        case 20...63: self = .dtls
        case 64...127: self = .channelData
        default: self = .other
        }
    }
}
