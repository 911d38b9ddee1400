package import Accounts

/// Everything that the engine's behaviour depends on. The defaults are the safe ones.
package struct EngineSettings: Sendable {
    /// How requests are authenticated.
    package enum Authentication: Sendable {
        /// No credentials are configured: Binding is answered, nothing is relayed.
        case stunOnly
        /// Everybody may relay (`no-auth`).
        case none
        /// Long-term credentials (RFC 8489 §9.2).
        case longTerm(Accounts)
    }

    /// Which family an Allocate without REQUESTED-ADDRESS-FAMILY gets.
    package enum DefaultFamily: Sendable {
        case ipv4
        case ipv6
        /// That of the client's own address.
        case keep
    }

    /// How requests are authenticated.
    package var authentication = Authentication.stunOnly
    /// The secret behind the nonces: 32 bytes.
    package var nonceKey: [UInt8]
    /// Which password algorithms clients may use.
    package var passwordAlgorithms = PasswordAlgorithmOffer.unannounced
    /// Whether clients may send USERHASH instead of USERNAME, as far as the accounts allow it.
    package var takesUserhash = false
    /// The key of the tickets by which clients move their allocations to another path (RFC 8016): 32 random bytes of this
    /// process. Nil without mobility.
    package var mobilityKey: [UInt8]?
    /// The servers that authenticated clients are sent to instead of being served.
    package var alternateServers: [AlternateServer] = []
    /// The authorization servers whose tokens are taken (RFC 7635), beside the long-term credentials.
    package var thirdPartyAuthorization: ThirdPartyAuthorization?
    /// The user names that are refused although their credentials are good; shared by all workers.
    package var revocations = Revocations()
    /// How long a nonce is good for; zero is for ever.
    package var nonceLifetimeSeconds: UInt32 = 600
    /// The realms beside that of `authentication`, each with rules of its own about peers.
    package var furtherRealms = FurtherRealms()
    /// Which peers may be reached.
    package var peerPolicy = PeerPolicy(rules: [])
    /// The `external-ip` pairs.
    package var addressTranslation = AddressTranslation()

    /// The lifetime an allocation gets without asking, and at least.
    package var defaultLifetimeSeconds: UInt32 = 600
    /// The lifetime an allocation gets at most.
    package var maximumLifetimeSeconds: UInt32 = 3600
    /// How long a permission lasts (RFC 8656 §9).
    package var permissionLifetimeSeconds: UInt32 = 300
    /// How long a channel lasts (RFC 8656 §12).
    package var channelLifetimeSeconds: UInt32 = 600
    /// How long the port above an even one is held (RFC 8656 §7.2).
    package var reservationLifetimeSeconds: UInt32 = 30
    /// Permissions of one allocation.
    package var maximumPermissions = 256
    /// Channels of one allocation.
    package var maximumChannels = 256

    /// Whether connections are relayed too (RFC 6062).
    package var relaysTCP = false
    /// Connections of one allocation with peers, in whatever stage.
    package var maximumConnections = 8
    /// Connects of one user in a minute; zero is no limit.
    package var connectsPerMinute: UInt32 = 10
    /// The lowest port of a peer that may be connected to.
    package var lowestPeerPort: UInt16 = 1024
    /// How long a peer may take to answer a Connect (RFC 6062 §5.2: 30 seconds at least).
    package var connectTimeoutSeconds: UInt32 = 30
    /// How long a connection waits for its ConnectionBind (RFC 6062 §5.2 and §5.3).
    package var bindTimeoutSeconds: UInt32 = 30

    /// The channel numbers that may be bound.
    package var channelNumbers: ClosedRange<UInt16> = 0x4000...0x4FFF
    /// The family of a relayed address nobody asked a family for.
    package var defaultFamily = DefaultFamily.ipv4
    /// Whether relayed addresses for UDP are made (not with `no-udp-relay`).
    package var relaysUDP = true
    /// Whether a channel does not stand in for the permission: 300 seconds, and not a second more.
    package var strictPermissions = false

    /// Whether Binding requests are ignored (`no-stun`).
    package var ignoresBinding = false
    /// Whether Binding requests need credentials (`secure-stun`).
    package var authenticatesBinding = false
    /// Whether Binding requests of RFC 3489 are answered over UDP (`stun-backward-compatibility`).
    package var answersClassicSTUN = false
    /// The places of NAT behaviour discovery; nil without it (`rfc5780`).
    package var alternateAddresses: AlternateAddresses?
    /// Whether the requests of a session must all have one ORIGIN (`check-origin-consistency`).
    package var checksOriginConsistency = false
    /// Whether replies always carry FINGERPRINT, not just when the request did.
    package var alwaysAddsFingerprint = false
    /// Whether error replies carry the reason phrase.
    package var addsReason = false
    /// Whether Binding replies carry MAPPED-ADDRESS too.
    package var addsMappedAddress = false
    /// SOFTWARE in replies; empty for none.
    package var software: [UInt8] = []

    /// Error replies to unauthenticated requests, per second and source; zero is no limit.
    package var errorRepliesPerSecond: UInt32 = 10
    /// How many such replies a quiet source may have at once.
    package var errorReplyBurst: UInt32 = 50

    /// ICMP errors that the client of one allocation is told, per second; zero is no limit. Systems send far fewer to one
    /// that misses a peer; more are forged.
    package var icmpErrorsPerSecond: UInt32 = 10
    /// How many such errors a client may be told at once.
    package var icmpErrorBurst: UInt32 = 20

    /// Answers that a Binding request aims elsewhere or has padded, per second and source; zero is no limit.
    package var discoveryRepliesPerSecond: UInt32 = 10
    /// How many such answers a quiet source may have at once: several clients behind one address, each making its tests.
    package var discoveryReplyBurst: UInt32 = 50

    /// What nonces announce.
    package var securityFeatures: SecurityFeatures {
        guard case .longTerm(let accounts) = authentication else { return [] }
        var features: SecurityFeatures = []
        if passwordAlgorithms.attribute != nil { features.insert(.passwordAlgorithms) }
        if takesUserhash, ([accounts] + furtherRealms.accounts).allSatisfy(\.areAllUsersListed) {
            features.insert(.userhash)
        }
        return features
    }

    /// Settings with a nonce key; everything else has a default.
    package init(nonceKey: [UInt8]) {
        self.nonceKey = nonceKey
    }
}
