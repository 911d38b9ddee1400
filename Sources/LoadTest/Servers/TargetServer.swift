package import Addressing
package import TURNClient

/// The server under test.
package struct TargetServer: Sendable {
    /// The URL it was named by.
    package let url: ServerURL
    /// Where it is.
    package let address: TransportAddress
    /// What the clients log in with; nil for servers that ask for nothing.
    package let credentials: Credentials?
    /// What makes the clients believe over TLS and DTLS that they have reached it.
    package let trust: ServerTrust
    /// The process, if it runs on this machine and is to be watched.
    package let processID: Int?

    /// Looks up a URL.
    package init(
        _ url: ServerURL, credentials: Credentials? = nil, trust: ServerTrust = ServerTrust(), processID: Int? = nil
    ) throws(ServerURLError) {
        self.url = url
        self.credentials = credentials
        self.trust = trust
        self.processID = processID
        address = try url.address()
    }

    /// Whether the server is on the loopback, where every address of 127.0.0.0/8 may be a client.
    var takesManySources: Bool { address.family == .ipv4 && address.ip.isLoopback }
}
