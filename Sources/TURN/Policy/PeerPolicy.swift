package import Addressing

/// Which peers may be reached through the server. The one place that decides it: every path asks here (CreatePermission,
/// ChannelBind, and Send where the verdict depends on the port).
///
/// Of all rules that contain an address the most specific one counts; between two equally specific ones the one that
/// allows. An address that carries another one inside (IPv4-mapped, 6to4, NAT64, Teredo, ...) is allowed only if every
/// one of its forms is. Without a rule a peer is allowed: the public Internet.
package struct PeerPolicy: Sendable, Equatable {
    private let ipv4Rules: [PeerRule]
    private let ipv6Rules: [PeerRule]
    private let relayAddresses: Set<IPAddress>
    private let relayPorts: ClosedRange<UInt16>
    private let servicePorts: Set<UInt16>

    private static let portZero = PeerRule(.deny, AddressRange(.any(.ipv4)), origin: "port 0 cannot be sent to")

    /// A policy from the operator's rules on top of the built-in ones.
    ///
    /// - Parameters:
    ///   - rules: `allowed-peer-ip` and `denied-peer-ip`.
    ///   - allowLoopback: `allow-loopback-peers`, for tests.
    ///   - relayAddresses: the server's own relay addresses, both as bound and as advertised. They are denied too, but for
    ///     the relay ports: what is sent to an advertised address that a NAT holds ends up on this host.
    ///   - relayPorts: from `min-port` to `max-port`.
    ///   - servicePorts: what the server itself listens on, which may lie among them.
    ///   - localAddresses: every address of this host, denied unless allowed by name: what listens on them expects to be
    ///     reached through a firewall, not from behind it.
    package init(
        rules: [PeerRule], allowLoopback: Bool = false, relayAddresses: [IPAddress] = [],
        relayPorts: ClosedRange<UInt16> = 49152...65535, servicePorts: Set<UInt16> = [],
        localAddresses: [IPAddress] = []
    ) {
        let local = Set(localAddresses + relayAddresses).filter { !$0.isLoopback }
            .map { PeerRule(.deny, AddressRange($0), origin: "an address of this host") }
        let all = rules + (allowLoopback ? Self.loopbackRules : []) + local + SpecialPurposeAddresses.rules
        ipv4Rules = Self.sorted(all.filter { $0.range.first.family == .ipv4 })
        ipv6Rules = Self.sorted(all.filter { $0.range.first.family == .ipv6 })
        self.relayAddresses = Set(relayAddresses)
        self.relayPorts = relayPorts
        self.servicePorts = servicePorts
    }

    /// The verdict on a peer. CreatePermission knows no port (RFC 8656 §10.1) and passes nil.
    package func verdict(on peer: IPAddress, port: UInt16?) -> PeerVerdict {
        if port == 0 { return .denied(Self.portZero) }
        guard let rule = denyingRule(for: peer) else { return .allowed }
        guard relayAddresses.contains(peer), port.map(isRelayPort) ?? true else { return .denied(rule) }
        return .allowedOnRelayPorts
    }

    /// The rule behind the verdict on a peer; nil where none speaks of it, and it is allowed therefore.
    package func decidingRule(on peer: IPAddress, port: UInt16?) -> PeerRule? {
        switch verdict(on: peer, port: port) {
        case .denied(let rule): rule
        case .allowedOnRelayPorts: denyingRule(for: peer)
        case .allowed: rule(for: peer)
        }
    }

    /// All rules, those that win first.
    package var rules: [PeerRule] { ipv4Rules + ipv6Rules }

    /// Whether a port may be reached on a peer with the verdict `allowedOnRelayPorts`.
    package func isRelayPort(_ port: UInt16) -> Bool {
        relayPorts.contains(port) && !servicePorts.contains(port)
    }

    private func denyingRule(for peer: IPAddress) -> PeerRule? {
        if let rule = rule(for: peer), rule.action == .deny { return rule }
        for form in peer.embeddedIPv4 {
            if let rule = rule(for: form), rule.action == .deny { return rule }
        }
        return nil
    }

    private func rule(for address: IPAddress) -> PeerRule? {
        (address.family == .ipv4 ? ipv4Rules : ipv6Rules).first { $0.range.contains(address) }
    }

    /// Most specific first; allow before deny where two are equally specific.
    private static func sorted(_ rules: [PeerRule]) -> [PeerRule] {
        rules.sorted { left, right in
            if left.range.extent != right.range.extent { return left.range.extent < right.range.extent }
            return left.action == .allow && right.action == .deny
        }
    }

    private static let loopbackRules: [PeerRule] = ["127.0.0.0/8", "::1"].compactMap { text in
        (try? AddressRange(parsing: text)).map { PeerRule(.allow, $0, origin: "allow-loopback-peers") }
    }
}
