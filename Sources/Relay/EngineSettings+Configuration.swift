import Accounts
import Addressing
import Configuration
import Cryptography
import Database
import TURN

// From what the operator wrote to what the engine obeys.

extension EngineSettings {
    /// The engine's settings for a configuration and what the user database adds to it.
    init(
        _ configuration: ServerConfiguration, _ addressing: RelayAddressing, software: [UInt8],
        keys: ProcessKeys = ProcessKeys(), database: DatabaseSnapshot = DatabaseSnapshot(),
        added: AddedAccounts = AddedAccounts()
    ) {
        self.init(nonceKey: Self.nonceKey(from: configuration.statelessNonceSecret) ?? keys.nonces)
        authentication = Self.authentication(for: configuration, database, added)
        furtherRealms = FurtherRealms(configuration, addressing, database)
        if configuration.passwordAlgorithms {
            passwordAlgorithms = configuration.requireSHA256 ? .sha256Only : .sha256OrMD5
        }
        takesUserhash = configuration.userhash
        thirdPartyAuthorization = ThirdPartyAuthorization(configuration, database)
        mobilityKey = configuration.mobility ? keys.tickets : nil
        alternateServers = configuration.alternateServers.map { AlternateServer($0) }
        nonceLifetimeSeconds = UInt32(clamping: configuration.nonceLifetimeSeconds)
        peerPolicy = PeerPolicy(configuration, addressing, database, realm: configuration.realm)
        addressTranslation = addressing.translation

        maximumLifetimeSeconds = UInt32(clamping: configuration.maxAllocateLifetimeSeconds)
        permissionLifetimeSeconds = UInt32(clamping: configuration.permissionLifetimeSeconds)
        channelLifetimeSeconds = UInt32(clamping: configuration.channelLifetimeSeconds)
        maximumPermissions = configuration.maxPermissionsPerAllocation
        maximumChannels = configuration.maxChannelsPerAllocation

        relaysTCP = configuration.tcpRelay
        maximumConnections = configuration.maxConnectionsPerAllocation
        connectsPerMinute = UInt32(clamping: configuration.tcpRelayConnectsPerMinute)
        lowestPeerPort = UInt16(clamping: configuration.tcpRelayMinPeerPort)
        channelNumbers = configuration.rfc5766ChannelNumbers ? 0x4000...0x7FFF : 0x4000...0x4FFF
        defaultFamily = DefaultFamily(configuration.allocationDefaultAddressFamily)
        relaysUDP = !configuration.noUDPRelay
        strictPermissions = configuration.strictPermissions
        ignoresBinding = configuration.noSTUN
        authenticatesBinding = configuration.secureSTUN
        checksOriginConsistency = configuration.checkOriginConsistency
        answersClassicSTUN = configuration.stunBackwardCompatibility
        alternateAddresses = AlternateAddresses(configuration)
        alwaysAddsFingerprint = configuration.fingerprint
        addsReason = configuration.includeReasonString
        addsMappedAddress = configuration.addMappedAddress
        if configuration.softwareAttribute { self.software = software }
        errorRepliesPerSecond = UInt32(clamping: configuration.unauthorizedRepliesPerSecond ?? 0)
        errorReplyBurst = UInt32(clamping: configuration.unauthorizedRateLimitBurst)
    }

    /// Each worker limits the error replies it sends; what one source gets from all of them together is as configured.
    mutating func shareErrorReplies(among workers: Int) {
        guard errorRepliesPerSecond > 0, let workers = UInt32(exactly: workers), workers > 0 else { return }
        errorRepliesPerSecond = max(1, errorRepliesPerSecond / workers)
        errorReplyBurst = max(1, errorReplyBurst / workers)
    }

    private static func authentication(
        for configuration: ServerConfiguration, _ database: DatabaseSnapshot, _ added: AddedAccounts
    ) -> Authentication {
        switch configuration.relayAccess {
        case .nobody where configuration.stunOnly || added.isEmpty: .stunOnly
        case .open: .none
        case .credentials, .nobody:
            .longTerm(Accounts(configuration, database, added, realm: configuration.realm))
        }
    }

    /// The key that a fleet shares, from its secret; nil where there is none.
    private static func nonceKey(from secret: [UInt8]) -> [UInt8]? {
        secret.isEmpty ? nil : HashAlgorithm.sha256.hash(secret)
    }
}

extension EngineSettings.DefaultFamily {
    init(_ family: RelayAddressFamily) {
        switch family {
        case .ipv4: self = .ipv4
        case .ipv6: self = .ipv6
        case .keep: self = .keep
        }
    }
}

extension ThirdPartyAuthorization {
    init?(_ configuration: ServerConfiguration, _ database: DatabaseSnapshot) {
        guard configuration.takesTokens, let name = configuration.serverName else { return nil }
        // Of two keys of one name the later counts: what is written in the file.
        self.init(
            serverName: Array(name.utf8),
            keys: database.tokenKeys.map { Key(name: $0.name, bytes: $0.bytes, expiry: $0.expiry) }
                + configuration.oauthKeys.map { Key(name: $0.name, bytes: $0.bytes) })
    }
}

extension AlternateServer {
    init(_ server: ConfiguredAlternateServer) {
        let transports: [ClientTransport] =
            switch server.clients {
            case .udp: [.udp]
            case .tcp: [.tcp]
            case .udpAndTCP: [.udp, .tcp]
            case .tlsAndDTLS: [.tls, .dtls]
            }
        self.init(server.address, for: transports, domain: server.domain)
    }
}

extension AlternateAddresses {
    init?(_ configuration: ServerConfiguration) {
        let addresses = configuration.discoveryAddresses
        guard !addresses.isEmpty else { return nil }
        self.init(
            stride(from: 0, to: addresses.count, by: 2).map { Pair(addresses[$0], addresses[$0 + 1]) },
            port: configuration.listeningPort, alternatePort: configuration.alternatePort)
    }
}

extension PeerPolicy {
    /// The rules of the configuration, and those of the database for a realm or for all.
    init(
        _ configuration: ServerConfiguration, _ addressing: RelayAddressing, _ database: DatabaseSnapshot,
        realm: [UInt8]
    ) {
        let written = configuration.peerRules.map { TURN.PeerRule($0.range, allow: $0.allow, at: $0.source) }
        let stored = configuration.ignoresDatabasePeers ? [] : database.peerRules
        self.init(
            rules: written
                + stored.filter { $0.realm.isEmpty || $0.realm == realm }
                .map { TURN.PeerRule($0.range, allow: $0.allow, at: "user database") },
            allowLoopback: configuration.allowLoopbackPeers, relayAddresses: addressing.reachable,
            relayPorts: configuration.minPort...configuration.maxPort, servicePorts: configuration.servicePorts,
            localAddresses: addressing.local)
    }
}

extension TURN.PeerRule {
    fileprivate init(_ range: AddressRange, allow: Bool, at source: String) {
        self.init(allow ? .allow : .deny, range, origin: "\(allow ? "allowed" : "denied")-peer-ip, \(source)")
    }
}

extension StaticUser {
    init(_ user: ConfiguredUser) {
        switch user.secret {
        case .password(let password): self.init(name: user.name, secret: .password(password))
        case .key(let key): self.init(name: user.name, secret: .key(key))
        }
    }
}
