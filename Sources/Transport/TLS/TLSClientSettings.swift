/// What a client needs to speak TLS or DTLS: whom it believes. Safe unless told otherwise.
package struct TLSClientSettings: Hashable, Sendable {
    /// Authorities that vouch for servers, PEM; nil for those of the system.
    package var authorityFile: String?
    /// Whether a server must show a certificate of such an authority that bears its name. Only a test against one's own
    /// server may do without.
    package var verifiesServer = true

    /// The authorities of the system, or those in a file.
    package init(authorityFile: String? = nil) {
        self.authorityFile = authorityFile
    }
}
