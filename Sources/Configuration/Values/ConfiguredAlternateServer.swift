package import Addressing

/// A server written in the configuration that clients are sent to: `alternate-server` and its kin.
package struct ConfiguredAlternateServer: Hashable, Sendable {
    /// Which clients are sent there.
    package enum Clients: Hashable, Sendable {
        case udp
        case tcp
        case udpAndTCP
        case tlsAndDTLS
    }

    /// Which clients are sent there.
    package let clients: Clients
    /// Where it is.
    package let address: TransportAddress
    /// The name in its certificate; empty when it has ours.
    package let domain: [UInt8]

    /// Joins the parts.
    package init(_ clients: Clients, at address: TransportAddress, domain: [UInt8] = []) {
        self.clients = clients
        self.address = address
        self.domain = domain
    }
}
