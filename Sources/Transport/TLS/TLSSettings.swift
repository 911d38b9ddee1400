/// What a server needs to speak TLS: the names of files, and choices. Files are read when a `TLSContext` is made of it, so
/// that the same settings give a new context when the files have changed.
package struct TLSSettings: Sendable {
    /// The server's certificate and the chain that leads to its authority, PEM.
    package var certificateFile: String
    /// The private key of the certificate, PEM.
    package var keyFile: String
    /// What the key is encrypted with; empty when it is not.
    package var keyPassword = ""
    /// Authorities of which clients must show a certificate, PEM; nil when they need none.
    package var authorityFile: String?
    /// Ciphers of TLS 1.2, as OpenSSL lists them; nil for those of RFC 9325.
    package var cipherList: String?
    /// Curves for the key exchange, as OpenSSL lists them; nil for its own choice.
    package var curveNames: String?
    /// Refuse TLS 1.2.
    package var requiresTLS13 = false
    /// Refuse clients whose ALPN offers only protocols other than those of RFC 7443.
    package var refusesForeignProtocols = false

    /// A certificate and its key, with the safe choices.
    package init(certificateFile: String, keyFile: String) {
        self.certificateFile = certificateFile
        self.keyFile = keyFile
    }

    /// The files that a context is made of.
    package var files: [String] { [certificateFile, keyFile] + (authorityFile.map { [$0] } ?? []) }

    /// Forward secrecy and authenticated encryption only (RFC 9325 §4.2). The one with DHE is there because
    /// RFC 8489 §6.2.3 demands it, and last because it is the dearest.
    static let defaultCipherList = "ECDHE+AESGCM:ECDHE+CHACHA20:DHE-RSA-AES128-GCM-SHA256"
}
