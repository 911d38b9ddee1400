import Addressing
package import Cryptography
import STUN
package import Tables
package import Timing

/// The TURN protocol (RFC 8489, RFC 8656) of one worker, without I/O and without a clock: packets, addresses and the time go
/// in, decisions come out. Real sockets, a simulation and a fuzzer drive the same code.
///
/// Control messages go through `receive(_:from:now:host:)`; a reply is left in `reply`. The relay path has entries of its
/// own, `receiveChannelData` and `receiveFromPeer`, which look up and decide and touch no payload.
package struct Engine: ~Copyable {
    /// What the behaviour depends on.
    package internal(set) var settings: EngineSettings
    /// Ports, quotas and reservations, shared by all workers.
    package let resources: RelayResources
    /// The allocations of this worker.
    package internal(set) var allocations: AllocationTable
    /// How many permissions and channels they hold, and how many timers look after them: for metrics and tests.
    package var permissionCount: Int { allocations.permissions.count }
    package var channelCount: Int { allocations.channels.count }
    package var timerCount: Int { timers.count }
    /// What was thrown away, by reason.
    package internal(set) var drops = DropCounters()
    /// What allocations have carried on paths that they have left, by transport; and all of it, as the operator gets it.
    var settledTraffic = [Traffic](repeating: Traffic(), count: ClientTransport.allCases.count)
    package internal(set) var tally = SessionTally()
    /// How requests were answered.
    package internal(set) var requests = RequestCounters()
    /// Whether no new allocations are made, because the server is about to end.
    package var isDraining = false
    /// The reply to the last request, when `receive` returned `.reply`. Mutating for the reason of `nextExpiry`.
    package var reply: [UInt8] { mutating get { writer.bytes } }

    var writer = MessageWriter()
    var nonces: NonceMint
    var sha1 = HMAC(.sha1)
    var sha256 = HMAC(.sha256)
    var random: RandomPool
    var timers: TimerWheel
    var alternateServers: AlternateServers
    var limiter: ReplyLimiter
    var discoveryLimiter: ReplyLimiter
    var errorLimiter = TokenBuckets()
    var departed: DepartedTransactions
    var tickets: MobilityTickets?
    /// The other paths that were announced for allocations here.
    var handoffs = AnnouncedPaths()
    /// Paths that allocations have come to of late, by a Refresh that may come again.
    var arrivals = AnnouncedPaths()
    /// The paths by which allocations of other workers are expected; and those of them that are on their way.
    var expectations = AnnouncedPaths()
    var claims = AnnouncedPaths()
    var claim: MobilityClaim?
    /// Those whose channels are to be offloaded again when they have moved.
    var moving: Set<AllocationID> = []
    var untoldMoves: [(id: AllocationID, origin: Whereabouts)] = []
    /// The allocations here that may move.
    var mobiles: [MobilityID: UInt32] = [:]
    /// Which worker this is.
    let place: WorkerPlace
    var peerConnections: PeerConnectionTable
    var connectLimiter: ConnectLimiter
    /// The limits that all allocations here obey.
    var followedLimits: RelayResources.Limits

    /// An engine without allocations.
    ///
    /// - Parameters:
    ///   - place: which worker it serves, of how many.
    ///   - seed: of the hash tables; random unless a run must be repeatable.
    ///   - random: where transaction ids come from.
    package init(
        settings: EngineSettings, resources: RelayResources, place: WorkerPlace = .alone, start: Instant,
        seed: HashSeed = HashSeed(), random: consuming RandomPool = RandomPool()
    ) {
        self.settings = settings
        self.resources = resources
        followedLimits = resources.limits
        allocations = AllocationTable(seed: seed)
        nonces = NonceMint(
            key: settings.nonceKey, lifetimeSeconds: settings.nonceLifetimeSeconds, features: settings.securityFeatures)
        self.random = random
        tickets = settings.mobilityKey.flatMap { MobilityTickets(key: $0) }
        alternateServers = AlternateServers(settings.alternateServers)
        timers = TimerWheel(start: start)
        limiter = ReplyLimiter(
            repliesPerSecond: settings.errorRepliesPerSecond, burst: settings.errorReplyBurst, seed: seed)
        discoveryLimiter = ReplyLimiter(
            repliesPerSecond: settings.discoveryRepliesPerSecond, burst: settings.discoveryReplyBurst, seed: seed)
        errorLimiter.limit(perSecond: settings.icmpErrorsPerSecond, burst: settings.icmpErrorBurst)
        departed = DepartedTransactions(seed: seed)
        self.place = place
        peerConnections = PeerConnectionTable(seed: seed)
        connectLimiter = ConnectLimiter(connectsPerMinute: settings.connectsPerMinute, seed: seed)
    }

    /// Takes in a STUN message from a client: exactly one datagram, or one frame of a stream.
    package mutating func receive<Host: RelayHost & ~Copyable>(
        _ bytes: Span<UInt8>, from client: Client, now: Moment, host: inout Host
    ) -> ClientAction {
        guard client.fiveTuple.client.port != 0, let message = try? MessageReader(bytes) else {
            return receiveUnreadable(bytes, from: client, now: now.instant)
        }
        if tickets != nil {
            if let worker = workerTicketed(in: message, from: client) { return .handOver(worker: worker) }
            if awaitsAllocation(by: client.fiveTuple, now: now.instant) { return .none }
        }
        switch (message.type.class, message.type.method) {
        case (.request, .binding) where settings.ignoresBinding:
            return drop(.unexpectedMessage)
        case (.request, .binding), (.request, .allocate), (.request, .refresh), (.request, .createPermission),
            (.request, .channelBind):
            return answer(Request(message: message, client: client, now: now), host: &host)
        case (.request, .connect) where settings.relaysTCP:
            return answer(Request(message: message, client: client, now: now), host: &host)
        case (.request, .connectionBind) where settings.relaysTCP:
            if let worker = foreignWorker(for: message, from: client) { return .handOver(worker: worker) }
            return answer(Request(message: message, client: client, now: now), host: &host)
        case (.indication, .send):
            return send(message, from: client, now: now.instant, host: &host)
        case (.indication, .binding):
            return .none  // a keep-alive (RFC 8489 §6.3.2)
        default:
            return drop(.unexpectedMessage)
        }
    }

    private mutating func receiveUnreadable(_ bytes: Span<UInt8>, from client: Client, now: Instant) -> ClientAction {
        let transport = client.fiveTuple.transport
        if client.fiveTuple.client.port != 0, mayBeClassic(over: transport), let binding = ClassicBinding(bytes) {
            return answer(binding, from: client, now: now)
        }
        drops.count(.malformed)
        return transport.isStream ? .close : .none
    }

    /// From now on clients are sent to these servers, the ones that are alive; to none, and they are served here.
    package mutating func sendClients(to servers: [AlternateServer]) {
        alternateServers.live = servers
    }

    mutating func drop(_ reason: DropReason) -> ClientAction {
        drops.count(reason)
        return .none
    }

    /// Throws something away that belongs to an allocation.
    mutating func drop(_ reason: DropReason, on index: UInt32) -> ClientAction {
        allocations[index].drops.count(reason)
        return drop(reason)
    }
}
