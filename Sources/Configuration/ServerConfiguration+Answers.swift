// What follows from several fields together. Whoever needs to know asks here instead of looking at the fields.

package import Addressing

extension ServerConfiguration {
    /// Who may relay.
    package var relayAccess: RelayAccess {
        if stunOnly { return .nobody }
        if noAuth { return .open }
        return hasCredentials ? .credentials : .nobody
    }

    /// Whether anybody at all could log in.
    package var hasCredentials: Bool {
        !users.isEmpty || !staticAuthSecrets.isEmpty || userDatabase != nil || takesTokens
    }

    /// Whether tokens of authorization servers let anybody in.
    package var takesTokens: Bool { oauth && (!oauthKeys.isEmpty || userDatabase != nil) && serverName != nil }

    /// Whether TLS is spoken: there is a certificate, and nobody has turned TLS off.
    package var servesTLS: Bool { !noTLS && certificateFile != nil && keyFile != nil }

    /// Whether DTLS is spoken: there is a certificate, and somebody has turned DTLS on.
    package var servesDTLS: Bool { dtls && certificateFile != nil && keyFile != nil }
    /// Whether a user's key is of an algorithm that clients may use.
    func canLogIn(_ user: ConfiguredUser) -> Bool {
        guard case .key(let key) = user.secret else { return true }
        return key.count == 16 ? !requireSHA256 : passwordAlgorithms
    }

    /// The addresses of behaviour discovery (RFC 5780): of each family the first two that are listened on, one behind the
    /// other. Empty when it is off or there is no family with two.
    package var discoveryAddresses: [IPAddress] {
        guard rfc5780 else { return [] }
        return IPAddress.Family.allCases.flatMap { family in
            let own = listeningAddresses.filter { $0.family == family && !$0.isUnspecified }
            return own.count >= 2 ? Array(own.prefix(2)) : []
        }
    }

    /// The ports on which clients are heard.
    package var servicePorts: Set<UInt16> {
        var ports: Set = [listeningPort, tlsListeningPort]
        if !discoveryAddresses.isEmpty { ports.insert(alternatePort) }
        if let tcpProxyPort { ports.insert(tcpProxyPort) }
        return ports.union(auxiliaryAddresses.map(\.port))
    }

    /// Whether anybody is heard over UDP, plainly or with DTLS.
    package var listensForDatagrams: Bool { !noUDP || servesDTLS }

    /// Whether anybody is heard over TCP, plainly or with TLS.
    package var listensForStreams: Bool { !noTCP || servesTLS }

    /// The second port of behaviour discovery.
    package var alternatePort: UInt16 {
        UInt16(exactly: alternateListeningPort).flatMap { $0 == 0 ? nil : $0 } ?? listeningPort &+ 1
    }

    /// How many workers to start on a machine with so many CPUs; at least one.
    package func workerCount(detectedCPUs: Int) -> Int {
        if relayThreads > 0 { return relayThreads }
        return max(1, cpus > 0 ? cpus : detectedCPUs)
    }

    /// What clients are told for a relay address: the mapping written for it, else the one written for its family,
    /// else the address itself. Of two mappings for the same, the later counts, as in coturn.
    package func externalAddress(of relay: IPAddress) -> IPAddress {
        let own = externalAddresses.last { $0.privateAddress == relay }
        let family = externalAddresses.last { $0.privateAddress == nil && $0.publicAddress.family == relay.family }
        return (own ?? family)?.publicAddress ?? relay
    }

    /// The lowest level that is logged: `log-min-level`, else what `verbose` and `Verbose` ask for.
    package var logLevel: LogLevel {
        logMinLevel ?? (extraVerbose ? .trace : verbose ? .debug : .info)
    }

    /// Where log lines go: `syslog` overrides `log-file`.
    package var logDestination: LogDestination { syslog ? .syslog : logFile }

    /// Where the Unix socket of the admin interface is to be; nil when it is not wanted.
    ///
    /// - Parameters:
    ///   - isRoot: whether the server was started as root, who may write to /run.
    ///   - runtimeDirectory: XDG_RUNTIME_DIR, the folder of the user's sockets.
    package func adminSocketPath(isRoot: Bool, runtimeDirectory: String?) -> String? {
        if let adminSocket { return adminSocket == "none" ? nil : adminSocket }
        if isRoot { return "/run/culvert/admin.sock" }
        return runtimeDirectory.map { "\($0)/culvert/admin.sock" }
    }

    /// Replies to unauthenticated requests per second and source; nil for no limit.
    package var unauthorizedRepliesPerSecond: Int? {
        unauthorizedRateLimit && unauthorizedRateLimitPerSecond > 0 ? unauthorizedRateLimitPerSecond : nil
    }
}
