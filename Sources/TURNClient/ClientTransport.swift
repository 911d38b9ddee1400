/// How a client reaches its server (RFC 8656 §2.1, RFC 7350).
package enum ClientTransport: Sendable, CaseIterable {
    case udp
    case tcp
    /// TLS over TCP.
    case tls
    /// DTLS over UDP.
    case dtls

    /// Whether messages follow each other in a stream, instead of coming one by one.
    package var isStream: Bool { self == .tcp || self == .tls }
    /// Whether the server proves who it is, and nobody on the way reads along.
    package var isSecure: Bool { self == .tls || self == .dtls }
}
