import STUN

/// What a client speaks on its TCP connection; its first byte tells, whichever port it came to.
enum StreamKind: Sendable {
    /// The header of the PROXY protocol is to come first, and is not all there.
    case proxied
    /// Nothing has come yet.
    case undecided
    /// STUN and ChannelData as they are.
    case plain
    /// The same inside TLS.
    case tls
    /// Neither, such as the pseudo-TLS hello of old Google clients, or HTTP.
    case foreign

    init(firstByte: UInt8) {
        switch PacketKind(firstByte: firstByte) {
        case .stun, .channelData: self = .plain
        // The type of a handshake record (RFC 8446 §5.1); OpenSSL looks at the rest.
        case .dtls where firstByte == 0x16: self = .tls
        case .dtls, .other: self = .foreign
        }
    }
}
