import Addressing
import Configuration
import TURN
import Transport

/// Which addresses the server listens on, relays from, tells its clients, and keeps its clients away from: the
/// configuration, completed from what the machine has.
struct RelayAddressing {
    /// Addresses to listen on; the unspecified ones when nothing is configured.
    let listening: [IPAddress]
    /// Whether those were chosen here, so that a family the machine lacks is no error.
    let listensByDefault: Bool
    /// Addresses that relay sockets are bound to, with what clients are told.
    let relays: [RelayAddress]
    /// Every address of the machine.
    let local: [IPAddress]

    init(_ configuration: ServerConfiguration, interfaces: [InterfaceAddress]) {
        listensByDefault = configuration.listeningAddresses.isEmpty
        listening = listensByDefault ? [.any(.ipv4), .any(.ipv6)] : configuration.listeningAddresses
        local = interfaces.map(\.ip)
        var seen: Set<IPAddress> = []
        let bound = Self.relayAddresses(configuration, listening: listening, interfaces: interfaces)
            .filter { seen.insert($0).inserted }
        relays = bound.map { RelayAddress(bound: $0, advertised: configuration.externalAddress(of: $0)) }
    }

    /// An address that clients would be told for several relay addresses; they could not tell the ports apart.
    var ambiguous: IPAddress? {
        var seen: Set<IPAddress> = []
        return relays.map(\.advertised).first { !seen.insert($0).inserted }
    }

    /// The `external-ip` pairs that differ.
    var translation: AddressTranslation {
        AddressTranslation(relays.map { AddressTranslation.Pair(external: $0.advertised, bound: $0.bound) })
    }

    /// The server's own relay addresses, in both forms.
    var reachable: [IPAddress] { relays.flatMap { [$0.bound, $0.advertised] } }

    /// `relay-ip`; else, as in coturn, the listening addresses; else for each family the address that a packet to the
    /// Internet would leave from.
    private static func relayAddresses(
        _ configuration: ServerConfiguration, listening: [IPAddress], interfaces: [InterfaceAddress]
    ) -> [IPAddress] {
        if !configuration.relayAddresses.isEmpty { return configuration.relayAddresses }
        let named = listening.filter { !$0.isUnspecified }
        let wildcards = listening.filter(\.isUnspecified).map(\.family)
        return named
            + wildcards.compactMap { family in
                InterfaceAddress.outgoing(family) ?? Self.fallback(family, interfaces)
            }.filter { !named.contains($0) }
    }

    /// Without a route to the Internet: the first address of an interface that is up, or at last the loopback.
    private static func fallback(_ family: IPAddress.Family, _ interfaces: [InterfaceAddress]) -> IPAddress? {
        let usable = interfaces.filter { $0.isUp && $0.ip.family == family && !$0.ip.isLinkLocal }
        return (usable.first { !$0.isLoopback } ?? usable.first)?.ip
    }
}
