package import Addressing

/// Another server that clients are sent to (RFC 8489 §10).
package struct AlternateServer: Sendable, Equatable {
    /// Where it is.
    package let address: TransportAddress
    /// The clients that may go there, by how they came here.
    package let transports: [ClientTransport]
    /// The name in its certificate; empty when that is the same as ours.
    package let domain: [UInt8]

    /// Joins the parts.
    package init(_ address: TransportAddress, for transports: [ClientTransport], domain: [UInt8] = []) {
        self.address = address
        self.transports = transports
        self.domain = domain
    }
}
