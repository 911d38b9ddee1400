/// How a client talks to the server (RFC 8656 §3.1).
package enum ClientTransport: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case udp
    case tcp
    case tls
    case dtls

    /// Whether messages come out of a byte stream, with ChannelData padded (RFC 8656 §12.5).
    @inlinable
    package var isStream: Bool { self == .tcp || self == .tls }

    /// Whether the server shows a certificate.
    var isSecure: Bool { self == .tls || self == .dtls }
}

extension ClientTransport: CustomStringConvertible {
    /// The name as it stands in logs.
    package var description: String {
        switch self {
        case .udp: "udp"
        case .tcp: "tcp"
        case .tls: "tls"
        case .dtls: "dtls"
        }
    }
}
