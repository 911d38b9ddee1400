package import Addressing

/// The `external-ip` pairs: what clients are told, and what the sockets are really bound to, behind a one-to-one NAT.
///
/// Inside the engine peers go by the address the world knows. When both ends of a call are relayed by this server, one
/// sends to the other's external address; that must be turned into the bound one (few NATs hairpin), and its source back
/// into the external one, or the permission would not match.
package struct AddressTranslation: Sendable {
    /// One `external-ip` pair.
    package struct Pair: Sendable, Equatable {
        /// What clients are told.
        package let external: IPAddress
        /// What the socket is bound to.
        package let bound: IPAddress

        /// Joins the two.
        package init(external: IPAddress, bound: IPAddress) {
            self.external = external
            self.bound = bound
        }
    }

    private let pairs: [Pair]

    /// A translation by these pairs; without any it changes nothing.
    package init(_ pairs: [Pair] = []) {
        self.pairs = pairs.filter { $0.external != $0.bound }
    }

    /// Where a datagram for `peer` is really sent.
    package func destination(for peer: TransportAddress) -> TransportAddress {
        for pair in pairs where pair.external == peer.ip { return TransportAddress(pair.bound, port: peer.port) }
        return peer
    }

    /// The name of the peer that a datagram from `source` comes from.
    package func peer(from source: TransportAddress) -> TransportAddress {
        for pair in pairs where pair.bound == source.ip { return TransportAddress(pair.external, port: source.port) }
        return source
    }

    /// What clients are told about a socket bound to `address`.
    package func advertised(for address: TransportAddress) -> TransportAddress { peer(from: address) }
}
