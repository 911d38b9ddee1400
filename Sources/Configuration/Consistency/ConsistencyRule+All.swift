import Addressing

extension ConsistencyRule {
    /// Every rule, in the order in which complaints are told.
    static let all = credentials + listeners + certificates + addresses + limits + offloading

    private static let credentials = [
        ConsistencyRule(
            .error, "realm", says: "expected a realm, as there are credentials; often it is the domain",
            when: { $0.hasCredentials && $0.realm.isEmpty }),
        ConsistencyRule(
            .error, "use-auth-secret", says: "expected a static-auth-secret or a userdb too",
            when: { $0.useAuthSecret && $0.staticAuthSecrets.isEmpty && $0.userDatabase == nil }),
        ConsistencyRule(
            .error, "oauth", says: "expected server-name and an oauth-key or a userdb too",
            when: { $0.oauth && !$0.takesTokens }),
        ConsistencyRule(
            .warning, "oauth-key", says: "has no effect without oauth", when: { !$0.oauth && !$0.oauthKeys.isEmpty }),
        ConsistencyRule(
            .error, "secure-stun", says: "expected a user or a static-auth-secret too",
            when: { $0.secureSTUN && !$0.hasCredentials }),
        ConsistencyRule(
            .error, "no-auth", says: "expected either credentials or no-auth, found both",
            when: { $0.noAuth && ($0.hasCredentials || $0.longTermCredentials || $0.useAuthSecret) }),
        ConsistencyRule(.warning, "no-auth", says: "anybody may relay through this server", when: { $0.noAuth }),
        ConsistencyRule(
            .warning, says: "no user, no static-auth-secret: the server answers STUN and relays for nobody",
            when: { $0.relayAccess == .nobody && !$0.stunOnly && !$0.useAuthSecret }),
        ConsistencyRule(
            .warning, "userhash", says: "has no effect beside static-auth-secret, whose users cannot be listed",
            when: { $0.userhash && !$0.staticAuthSecrets.isEmpty }),
        ConsistencyRule(.warning, "user") { configuration in
            configuration.users.first { !configuration.canLogIn($0) }.map {
                "\"\($0.name.printable)\" has a key that password-algorithms and require-sha256 leave no use for"
            }
        },
        ConsistencyRule(.warning, "user") { configuration in
            firstRepeated(configuration.users.map(\.name)).map {
                "\"\($0.printable)\" is written more than once; the last line counts"
            }
        },
    ]

    private static let listeners = [
        ConsistencyRule(
            .error, "no-tcp", says: "with no-udp and without TLS it leaves nothing to listen on",
            when: { !$0.listensForDatagrams && !$0.listensForStreams }),
        ConsistencyRule(
            .error, "tcp-proxy-port", says: "expected a port other than those for clients without a proxy",
            when: { configuration in
                [configuration.listeningPort, configuration.tlsListeningPort, configuration.alternatePort].contains {
                    $0 == configuration.tcpProxyPort
                }
            }),
        ConsistencyRule(
            .warning, "tcp-proxy-port",
            says: "whoever reaches it may claim any address; name the proxies in proxy-protocol-from",
            when: { $0.tcpProxyPort != nil && $0.proxies.isEmpty }),
        ConsistencyRule(
            .warning, "tcp-proxy-port", "proxy-protocol-from", says: "has no effect with no-tcp and without TLS",
            when: { ($0.tcpProxyPort != nil || !$0.proxies.isEmpty) && !$0.listensForStreams }),
        ConsistencyRule(
            .error, "listening-ip", "relay-ip", "aux-server",
            says: "a link-local IPv6 address means nothing without its interface; give another",
            when: { configuration in
                (configuration.listeningAddresses + configuration.relayAddresses
                    + configuration.auxiliaryAddresses.map(\.ip)).contains { $0.family == .ipv6 && $0.isLinkLocal }
            }),
        ConsistencyRule(
            .error, "no-stun", says: "leaves nothing to answer, as nobody may relay",
            when: { $0.noSTUN && $0.relayAccess == .nobody }),
        ConsistencyRule(
            .warning, "rfc5780", says: "has no effect without two listening-ip of one family",
            when: { $0.rfc5780 && $0.discoveryAddresses.isEmpty }),
        ConsistencyRule(
            .error, "alt-listening-port", "listening-port", says: "expected a port other than listening-port",
            when: { $0.rfc5780 && [$0.listeningPort, 0].contains($0.alternatePort) }),
        ConsistencyRule(.error, "max-port", "min-port") { configuration in
            configuration.minPort <= configuration.maxPort
                ? nil
                : "expected min-port \(configuration.minPort) to be no higher than max-port \(configuration.maxPort)"
        },
        ConsistencyRule(.warning, "listening-port", "min-port") { configuration in
            let (lowest, port, highest) = (configuration.minPort, configuration.listeningPort, configuration.maxPort)
            guard lowest <= port, port <= highest else { return nil }
            return "listening-port \(port) lies among the relay ports \(lowest) to \(highest)"
        },
    ]

    private static let certificates = [
        ConsistencyRule(
            .error, "cert", says: "expected pkey too, the private key of the certificate",
            when: { !$0.noTLS && $0.certificateFile != nil && $0.keyFile == nil }),
        ConsistencyRule(
            .error, "pkey", says: "expected cert too, the certificate of the private key",
            when: { !$0.noTLS && $0.certificateFile == nil && $0.keyFile != nil }),
        ConsistencyRule(
            .error, "dtls", says: "expected cert and pkey too",
            when: { $0.dtls && !$0.servesDTLS }),
        ConsistencyRule(
            .note, "tls-listening-port", says: "no TLS: it needs cert and pkey",
            when: { !$0.noTLS && $0.certificateFile == nil && $0.keyFile == nil }),
    ]

    private static let addresses = [
        ConsistencyRule(
            .warning, "alternate-server", "udp-alternate-server", "tcp-alternate-server", "tls-alternate-server",
            says: "has no effect without credentials, as only clients that have some are sent elsewhere",
            when: { !$0.alternateServers.isEmpty && !$0.hasCredentials }),
        ConsistencyRule(
            .warning, "alternate-server", "udp-alternate-server", "tcp-alternate-server", "tls-alternate-server",
            says: "clients do not follow to an address of their own machine",
            when: { $0.alternateServers.contains { $0.address.ip.isLoopback } }),
        ConsistencyRule(
            .warning, "relay-ip", says: "0.0.0.0 and :: are nobody's address; the server looks for its own",
            when: { $0.relayAddresses.contains(where: \.isUnspecified) }),
        ConsistencyRule(.warning, "external-ip") { configuration in
            let targets = configuration.externalAddresses.map { external in
                external.privateAddress.map(\.description) ?? "every \(external.publicAddress.family) address"
            }
            return firstRepeated(targets).map { "\($0) is mapped more than once; the last line counts" }
        },
        ConsistencyRule(.error, "external-ip", "relay-ip") { configuration in
            let own =
                configuration.relayAddresses.isEmpty ? configuration.listeningAddresses : configuration.relayAddresses
            let bound = Set(own.filter { !$0.isUnspecified }).sorted { $0.bits < $1.bits }
            return firstRepeated(bound.map(configuration.externalAddress(of:))).map {
                "\($0) stands for several relay addresses, and clients could not tell their ports apart; write "
                    + "public/private for each, or a single relay-ip"
            }
        },
        ConsistencyRule(
            .warning, "allow-loopback-peers", says: "clients reach services of this machine; for tests only",
            when: { $0.allowLoopbackPeers }),
    ]

    private static let limits = [
        ConsistencyRule(
            .error, "bps-capacity", says: "expected max-bps too: it is what each session takes of it",
            when: { $0.capacityBytesPerSecond > 0 && $0.maxBytesPerSecond == 0 }),
        ConsistencyRule(
            .error, "bps-capacity", "max-bps", says: "expected at least max-bps, so that there is room for a session",
            when: { $0.capacityBytesPerSecond > 0 && $0.capacityBytesPerSecond < $0.maxBytesPerSecond }),
    ]

    private static let offloading = [
        ConsistencyRule(
            .error, "offload", says: "expected offload-interface too: not every driver relays as well as it ought to",
            when: { $0.offload == .xdp && $0.offloadInterfaces.isEmpty }),
        ConsistencyRule(
            .warning, "offload-interface", says: "has no effect without offload",
            when: { $0.offload == .off && !$0.offloadInterfaces.isEmpty }),
        ConsistencyRule(
            .warning, "offload", says: "has no effect with no-udp or no-udp-relay, as it carries nothing but UDP",
            when: { $0.offload != .off && ($0.noUDP || $0.noUDPRelay) }),
    ]

    private static func firstRepeated<Value: Hashable>(_ values: [Value]) -> Value? {
        var seen: Set<Value> = []
        return values.first { !seen.insert($0).inserted }
    }
}
