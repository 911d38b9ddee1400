/// Why some bytes are not a STUN message. Such packets are dropped without an answer (RFC 8489 §6.3); on a stream they
/// end the connection.
package enum MalformedMessage: Error, Equatable, Sendable {
    /// Fewer than the 20 bytes of a header.
    case tooShort
    /// The two top bits are not zero.
    case notSTUN
    /// Bytes 4 to 7 are not the magic cookie.
    case wrongMagicCookie
    /// The length field is no multiple of four, or not what was received.
    case wrongLength
    /// An attribute reaches past the end of the message.
    case attributeOverrun
    /// More attributes than `WireFormat.maximumAttributeCount`.
    case tooManyAttributes
    /// MESSAGE-INTEGRITY or MESSAGE-INTEGRITY-SHA256 has a length that the RFC does not allow.
    case badIntegrityLength
    /// FINGERPRINT is the last attribute and does not fit the message.
    case wrongFingerprint
}
