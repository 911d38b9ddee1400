package import Transport

/// What new clients begin TLS and DTLS with; nil where that is not spoken.
package struct SecureContexts: Sendable {
    /// For connections.
    package var tls: TLSContext?
    /// For datagrams.
    package var dtls: TLSContext?

    /// Neither.
    package init() {}

    /// Reads the files of `settings`.
    init(_ settings: TLSSettings, tls speaksTLS: Bool, dtls speaksDTLS: Bool) throws(TLSError) {
        if speaksTLS { tls = try TLSContext(settings) }
        if speaksDTLS { dtls = try TLSContext(settings, over: .datagrams) }
    }
}
