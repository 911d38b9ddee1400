package import Accounts
package import Addressing
package import Cryptography
import STUN
import SeededRandom
package import TURN
import Tables
package import Timing

/// An engine in a world of dictionaries, with a clock that moves when told.
package final class Bench {
    /// The realm of the accounts.
    package static let realm = Array("realm".utf8)
    /// The address that clients send to.
    package static let server = address("84.1.1.1:3478")
    /// The relay addresses, unless others are wished for.
    package static let relayAddresses = [
        RelayAddress(bound: address("84.1.1.1:1").ip), RelayAddress(bound: address("[2a01:1::1]:1").ip),
    ]
    /// The users: each one's password is the name with `-pass` behind it.
    package static let users = ["alice", "bob", "carol"].map { name in
        StaticUser(name: Array(name.utf8), secret: .password(Array("\(name)-pass".utf8)))
    }

    /// The engine.
    package var engine: Engine
    /// Its world.
    package var host = VirtualHost()
    /// Ports and quotas.
    package let resources: RelayResources
    /// The time.
    package private(set) var now = Moment(
        instant: Instant(nanoseconds: 5_000_000_000_000), unixSeconds: 1_700_000_000)

    /// Milliseconds since the wall clock's last full second.
    private var fraction: UInt32 = 0

    /// An engine with long-term credentials for `users`, no limit on error replies, and whatever `configure` changes.
    package init(
        addresses: [RelayAddress] = relayAddresses, ports: ClosedRange<UInt16> = 49152...65535,
        limits: RelayResources.Limits = RelayResources.Limits(), secrets: [String] = [],
        place: WorkerPlace = .alone, seed: UInt64? = nil, _ configure: (inout EngineSettings) -> Void = { _ in }
    ) {
        var settings = EngineSettings(nonceKey: Array(1...32))
        settings.authentication = .longTerm(
            Accounts(realm: Self.realm, users: Self.users, secrets: secrets.map { Array($0.utf8) }))
        settings.errorRepliesPerSecond = 0
        configure(&settings)
        resources = RelayResources(
            addresses: addresses, ports: ports, limits: limits, random: Self.randomPool(seed))
        engine = Engine(
            settings: settings, resources: resources, place: place, start: now.instant, seed: Self.hashSeed(seed),
            random: Self.randomPool(seed))
    }

    /// An engine that takes over the ports and quotas of another bench, as a second worker does.
    package init(besides other: Bench, place: WorkerPlace = .alone, seed: UInt64? = nil) {
        resources = other.resources
        engine = Engine(
            settings: other.engine.settings, resources: resources, place: place, start: other.now.instant,
            seed: Self.hashSeed(seed), random: Self.randomPool(seed))
        now = other.now
    }

    private static func hashSeed(_ seed: UInt64?) -> HashSeed {
        seed.map { HashSeed($0, ~$0) } ?? HashSeed()
    }

    /// Random numbers that follow from a seed, or the system's.
    package static func randomPool(_ seed: UInt64?) -> RandomPool {
        guard let seed else { return RandomPool() }
        // The pool hands back the words it drew before, which carry the state on.
        return RandomPool { words in
            var source = SeededRandom(seed: seed ^ words[words.count - 1])
            for index in words.indices { words[index] = source.next() }
        }
    }

    /// A client of a user, at `90.0.0.1:5000` unless told otherwise.
    package func client(
        _ user: String = "alice", at address: String = "90.0.0.1:5000", over transport: ClientTransport = .udp,
        to server: TransportAddress = Bench.server
    ) -> TestClient {
        TestClient(
            self, FiveTuple(client: Self.address(address), server: server, transport: transport), Array(user.utf8),
            password: Array("\(user)-pass".utf8))
    }

    /// Gives the engine other settings while it runs, as a reload does.
    package func reload(_ configure: (inout EngineSettings) -> Void) {
        var settings = engine.settings
        configure(&settings)
        engine.adopt(settings, now: now.instant, host: &host)
    }

    // MARK: - Time

    /// Lets seconds pass; the engine cleans up unless told not to.
    package func advance(seconds: UInt32, cleaning: Bool = true) {
        now.instant = now.instant.adding(seconds: seconds)
        now.unixSeconds += Int64(seconds)
        if cleaning { clean() }
    }

    /// Lets milliseconds pass without any cleaning.
    package func advance(milliseconds: UInt32) {
        fraction += milliseconds
        now.instant = now.instant.adding(milliseconds: milliseconds)
        now.unixSeconds += Int64(fraction / 1000)
        fraction %= 1000
    }

    /// Steps the wall clock alone.
    package func stepWallClock(seconds: Int64) { now.unixSeconds += seconds }

    /// Lets the engine end what has run out.
    package func clean() { engine.expire(now: now.instant, limit: .max, host: &host) }

    /// When the engine wants to clean up next.
    package var nextExpiry: Instant? { engine.nextExpiry() }

    /// Whether a client has an allocation.
    package func hasAllocation(_ client: TestClient) -> Bool { engine.hasAllocation(client.fiveTuple) }

    // MARK: - Packets

    /// Hands a packet to the engine as a worker does: by its first byte.
    package func deliver(_ bytes: [UInt8], from client: Client) -> Outcome {
        let action =
            switch bytes.first.map(PacketKind.init(firstByte:)) {
            case .channelData: engine.receiveChannelData(bytes.span, from: client.fiveTuple, now: now.instant)
            default: engine.receive(bytes.span, from: client, now: now, host: &host)
            }
        switch action {
        case .none: return .silence
        case .close: return .closed
        case .reply: return .reply(checkedReply)
        case .replyElsewhere(let source, let destination):
            return .replyElsewhere(checkedReply, from: source, to: destination)
        case .join(let peer): return .joined(checkedReply, peer)
        case .handOver(let worker): return .handedOver(worker: worker)
        case .relay(let payload):
            return .relayed(
                Array(bytes[payload.offset..<payload.offset + payload.length]), to: payload.destination,
                from: payload.relay, dontFragment: payload.dontFragment)
        }
    }

    private var checkedReply: Reply {
        let bytes = engine.reply
        guard let reply = Reply(bytes) else { preconditionFailure("the server sent \(bytes)") }
        return reply
    }

    /// A datagram from a peer at a relayed address; what comes out is the message the client gets, or nil.
    package func datagram(_ payload: [UInt8], from peer: String, to relayed: TransportAddress) -> [UInt8]? {
        guard let handle = host.handle(at: relayed), let socket = host.sockets[handle] else { return nil }
        let action = engine.receiveFromPeer(
            Self.address(peer), byteCount: payload.count, on: socket.allocation, now: now.instant)
        switch action {
        case .drop: return nil
        case .channelData(let number, _, let fiveTuple):
            let header = ChannelData.header(number, length: UInt16(payload.count))
            let padding = fiveTuple.transport.isStream ? (4 - payload.count % 4) % 4 : 0
            return (0..<4).map { UInt8(truncatingIfNeeded: header >> (24 - 8 * $0)) } + payload
                + Array(repeating: 0, count: padding)
        case .dataIndication(let indication, _, _):
            return (0..<indication.headByteCount).map { indication.head[$0] } + payload
                + Array(repeating: 0, count: indication.paddingByteCount)
        }
    }

    // MARK: - Short forms

    /// A transport address from text that is known to be right.
    package static func address(_ text: String) -> TransportAddress {
        guard let address = TransportAddress(text) else { preconditionFailure("\(text) is no transport address") }
        return address
    }

    /// An IP address from text that is known to be right.
    package static func ip(_ text: String) -> IPAddress {
        guard let address = IPAddress(text) else { preconditionFailure("\(text) is no address") }
        return address
    }

    /// Whether nothing at all is held: no allocation, permission, channel, timer, socket, port or place in a quota.
    package var isEmpty: Bool {
        let usage = resources.usage
        return engine.allocations.count == 0 && engine.permissionCount == 0 && engine.channelCount == 0
            && engine.timerCount == 0 && engine.peerConnectionCount == 0 && host.sockets.isEmpty && host.peers.isEmpty
            && usage.allocations == 0 && usage.users == 0
            && usage.reservations == 0
    }
}
