package import Addressing

/// Everything the server was told, as typed values. A fresh one holds the safe defaults.
///
/// The option that sets each field, and what it means, stands in `SettingsTable`.
package struct ServerConfiguration: Sendable {
    // MARK: Listening and relaying

    /// Addresses on which clients are heard; empty for all of the machine.
    package var listeningAddresses: [IPAddress] = []
    /// The port for clients over UDP and TCP.
    package var listeningPort: UInt16 = 3478
    /// The second port for behaviour discovery; 0 for the one after `listeningPort`. Ask `alternatePort`.
    package var alternateListeningPort = 0
    /// The port for connections that begin with the header of the PROXY protocol; nil for none.
    package var tcpProxyPort: UInt16?
    /// Who begins every connection with that header, on whatever port.
    package var proxies: [AddressRange] = []
    /// Addresses with ports of their own on which clients are heard too.
    package var auxiliaryAddresses: [TransportAddress] = []
    /// The network interface through which alone clients are heard; nil for any.
    package var listeningDevice: String?
    /// Do not hear clients over UDP.
    package var noUDP = false
    /// Do not hear clients over TCP.
    package var noTCP = false
    /// The port for clients over TLS.
    package var tlsListeningPort: UInt16 = 5349
    /// Speak DTLS. Ask `servesDTLS`.
    package var dtls = false
    /// Do not speak TLS. Ask `servesTLS`.
    package var noTLS = false
    /// Addresses on which peers are met; empty when the server derives them at start.
    package var relayAddresses: [IPAddress] = []
    /// What clients are told instead of the relay addresses. Ask `externalAddress(of:)`.
    package var externalAddresses: [ExternalAddress] = []
    /// The lowest relay port.
    package var minPort: UInt16 = 49152
    /// The highest relay port.
    package var maxPort: UInt16 = 65535
    /// Do not make relay addresses for UDP.
    package var noUDPRelay = false
    /// The family of relay addresses when the client does not ask for one.
    package var allocationDefaultAddressFamily = RelayAddressFamily.ipv4
    /// How many workers relay; 0 for one per CPU. Ask `workerCount(detectedCPUs:)`.
    package var relayThreads = 0
    /// How many CPUs to count on; 0 for as many as there are.
    package var cpus = 0
    /// SO_RCVBUF and SO_SNDBUF of the sockets, in bytes; 0 leaves the kernel's choice.
    package var socketBufferSize = 2_097_152
    /// Whether workers let packets wait under medium load.
    package var moderation = ModerationMode.off
    /// The longest that they let one wait.
    package var moderationDelayMicroseconds = 500
    /// Whether established channels are relayed inside the kernel.
    package var offload = OffloadMode.off
    /// The interfaces on which they are; empty for those with the server's addresses.
    package var offloadInterfaces: [String] = []

    // MARK: Authentication

    /// REALM of the challenges; empty when none is set.
    package var realm: [UInt8] = []
    /// The accounts written in the configuration.
    package var users: [ConfiguredUser] = []
    /// Long-term credentials (RFC 8489 §9.2) are in use; true as soon as there are users or secrets.
    package var longTermCredentials = false
    /// Time-limited credentials of the TURN REST API are in use; true as soon as there are secrets.
    package var useAuthSecret = false
    /// The secrets of the TURN REST API, each tried in turn.
    package var staticAuthSecrets: [[UInt8]] = []
    /// The byte between the expiry and the user in a REST username.
    package var restSeparator = UInt8(ascii: ":")
    /// Anybody may relay.
    package var noAuth = false
    /// How long a nonce stays valid; 0 for ever.
    package var nonceLifetimeSeconds = 600
    /// Clients may log in with keys made by SHA-256; true as soon as they must.
    package var passwordAlgorithms = false
    /// Clients must log in with keys made by SHA-256.
    package var requireSHA256 = false
    /// Clients may send a hash instead of the user name.
    package var userhash = false
    /// Take tokens of authorization servers.
    package var oauth = false
    /// The name of this server in their tokens.
    package var serverName: String?
    /// The keys shared with them.
    package var oauthKeys: [ConfiguredKey] = []
    /// The key under which nonces are made, shared by a fleet; empty for a random one at each start.
    package var statelessNonceSecret: [UInt8] = []

    /// The SQLite file with users, secrets and realms; nil for none.
    package var userDatabase: String?
    /// Take no rules about peers from it.
    package var ignoresDatabasePeers = false
    /// Take no realms and no quotas of realms from it.
    package var ignoresDatabaseRealms = false

    // MARK: Limits

    /// Concurrent allocations per user; 0 for no limit.
    package var userQuota = 100
    /// Concurrent allocations in all; 0 for no limit.
    package var totalQuota = 10_000
    /// Payload bytes per second of one session, each way; 0 for no limit.
    package var maxBytesPerSecond = 0
    /// Payload bytes per second of all sessions of one user, each way; 0 for no limit.
    package var maxBytesPerSecondPerUser = 0
    /// Bytes per second that may be promised to sessions in all; 0 for no limit.
    package var capacityBytesPerSecond = 0
    /// The longest lifetime an allocation is granted.
    package var maxAllocateLifetimeSeconds = 3600
    /// How long a channel stays bound.
    package var channelLifetimeSeconds = 600
    /// How long a permission stays installed.
    package var permissionLifetimeSeconds = 300
    /// How long a TCP connection may stay without an allocation.
    package var maxAllocateTimeoutSeconds = 60
    /// Permissions at a time in one allocation.
    package var maxPermissionsPerAllocation = 256
    /// Channels at a time in one allocation.
    package var maxChannelsPerAllocation = 256
    /// TCP connections with peers at a time in one allocation.
    package var maxConnectionsPerAllocation = 8
    /// TCP connections of one source at a time; 0 for no limit.
    package var maxConnectionsPerSource = 4096
    /// TCP connections without an allocation at a time.
    package var maxUnauthenticatedConnections = 10_000
    /// Whether replies to unauthenticated requests are limited per source.
    package var unauthorizedRateLimit = true
    /// Such replies per second and source; 0 for no limit.
    package var unauthorizedRateLimitPerSecond = 10
    /// How many such replies may come in one burst.
    package var unauthorizedRateLimitBurst = 50

    // MARK: Peers

    /// TCP connections are relayed too.
    package var tcpRelay = false
    /// The lowest port of a peer that clients may connect to.
    package var tcpRelayMinPeerPort = 1024
    /// Connections that one user may begin in a minute; 0 for no limit.
    package var tcpRelayConnectsPerMinute = 10
    /// The operator's rules about peers, in the order written. The more specific range wins, then allow.
    package var peerRules: [PeerRule] = []
    /// Peers on 127.0.0.0/8 and ::1 are reachable; for tests only.
    package var allowLoopbackPeers = false

    // MARK: Protocol

    /// Clients are told of ICMP errors.
    package var icmp = false
    /// Clients may move their allocations to another address.
    package var mobility = false
    /// The servers that authenticated clients are sent to.
    package var alternateServers: [ConfiguredAlternateServer] = []

    /// Answer STUN Binding requests only.
    package var stunOnly = false
    /// Do not answer STUN Binding requests.
    package var noSTUN = false
    /// Refuse requests whose ORIGIN is not that of the session's Allocate.
    package var checkOriginConsistency = false
    /// Ask for credentials in STUN Binding requests too.
    package var secureSTUN = false
    /// Answer the STUN of RFC 3489 too.
    package var stunBackwardCompatibility = false
    /// Help clients to find out how their NAT behaves. Ask `discoveryAddresses`.
    package var rfc5780 = false
    /// FINGERPRINT in every message, not only in answers to messages that carry it.
    package var fingerprint = false
    /// SOFTWARE in responses.
    package var softwareAttribute = false
    /// Text in the reason phrase of error responses.
    package var includeReasonString = false
    /// MAPPED-ADDRESS beside XOR-MAPPED-ADDRESS in Binding responses.
    package var addMappedAddress = false
    /// Channel numbers 0x4000-0x7FFF of RFC 5766 instead of 0x4000-0x4FFF.
    package var rfc5766ChannelNumbers = false
    /// A live channel does not stand in for the permission of its peer.
    package var strictPermissions = false

    // MARK: TLS

    /// The file of the certificate and its chain, PEM.
    package var certificateFile: String?
    /// The file of the private key, PEM.
    package var keyFile: String?
    /// What the private key is encrypted with.
    package var keyPassword: String?
    /// The file of the authorities whose certificates clients must show, PEM; nil when they need none.
    package var authorityFile: String?
    /// The ciphers of TLS 1.2, as OpenSSL lists them.
    package var cipherList: String?
    /// The elliptic curve of the key exchange, by OpenSSL's name.
    package var curveName: String?
    /// Speak TLS 1.3 only.
    package var noTLS12 = false
    /// Refuse TLS clients that offer only protocols other than those of RFC 7443 (ALPN).
    package var strictALPN = false

    // MARK: Logs and process

    /// Log more than the usual.
    package var verbose = false
    /// Log everything.
    package var extraVerbose = false
    /// The lowest level that is logged, if asked for. Ask `logLevel`.
    package var logMinLevel: LogLevel?
    /// Where `log-file` sends the log. Ask `logDestination`.
    package var logFile = LogDestination.standardOutput
    /// The log goes to syslog.
    package var syslog = false
    /// How a log line is written.
    package var logFormat = LogFormat.logfmt
    /// The facility of lines sent to syslog.
    package var syslogFacility = SyslogFacility.daemon
    /// Where to write the process id.
    package var pidFile: String?
    /// The user whose rights the server takes once its sockets are open.
    package var procUser: String?
    /// The group whose rights the server takes once its sockets are open.
    package var procGroup: String?

    // MARK: Administration

    /// The Unix socket of the admin interface, as written. Ask `adminSocketPath`.
    package var adminSocket: String?
    /// Where the admin interface is heard over TCP; nil where it is not.
    package var adminAddress: IPAddress?
    /// The port of the admin interface.
    package var adminPort: UInt16 = 5380
    /// The file with the token of the admin interface; nil for a random one.
    package var adminTokenFile: String?
    /// Names, beside addresses and localhost, that browsers may know the admin interface by.
    package var adminHosts: [String] = []
    /// The file with the keys for fetching credentials.
    package var apiKeyFile: String?
    /// The host in the URLs of credentials.
    package var iceServerName: String?
    /// Metrics without a token, with coturn's names too.
    package var prometheus = false
    /// Where those are heard; nil for 127.0.0.1.
    package var prometheusAddress: IPAddress?
    /// The port of those.
    package var prometheusPort: UInt16 = 9641
    /// The path of those.
    package var prometheusPath: String? = "/metrics"

    /// The safe defaults.
    package init() {}
}
