package import Transport

/// What makes a client believe, over TLS or DTLS, that it talks to its server.
package struct ServerTrust: Hashable, Sendable {
    /// Whom the client believes.
    package var settings: TLSClientSettings
    /// What the certificate must bear: a name or an address; nil for the address that the client connects to.
    package var serverName: String?

    /// By default the authorities of the system.
    package init(_ settings: TLSClientSettings = TLSClientSettings(), serverName: String? = nil) {
        self.settings = settings
        self.serverName = serverName
    }
}
