/// The fixed numbers of the STUN and TURN wire formats.
package enum WireFormat {
    /// The length of the STUN header (RFC 8489 §5).
    package static let headerByteCount = 20
    /// The length of an attribute's type and length fields (RFC 8489 §14).
    package static let attributeHeaderByteCount = 4
    /// The constant in bytes 4 to 7 of every STUN message (RFC 8489 §5).
    package static let magicCookie: UInt32 = 0x2112_A442
    /// The length of the ChannelData header (RFC 8656 §12.4).
    package static let channelDataHeaderByteCount = 4
    /// What the CRC-32 in FINGERPRINT is XORed with (RFC 8489 §14.7).
    package static let fingerprintMask: UInt32 = 0x5354_554E
    /// More attributes than any client sends; a message with more is malformed.
    package static let maximumAttributeCount = 64

    /// `length` rounded up to the next multiple of four.
    @inlinable
    package static func padded(_ length: Int) -> Int { (length + 3) & ~3 }
}
