import Addressing
import STUN
import SeededRandom
import TURN
import TestBench
import Testing
import Timing

/// Two workers, many clients, a bad network, and a clock that jumps. Every packet that arrives is judged by the model
/// first, then handed to the engine; then the invariants are checked.
final class Simulation {
    struct Packet {
        let client: Int
        let bytes: [UInt8]
        let intent: Intent
    }

    /// What a client believes, from the replies that reached it.
    struct Belief {
        var nonce: [UInt8]?
        var token: UInt64?
        var lastRequest: Packet?
    }

    let seed: UInt64
    var random: SeededRandom
    let workers: [Bench]
    let clients: [TestClient]
    let users: [Int]
    var beliefs: [Belief]
    var model = ReferenceModel()
    var toServer = Network<Packet>()
    var toClients = Network<(client: Int, reply: Reply)>()
    var milliseconds: UInt64 = 0
    var step = 0
    var successes = 0
    var relayedCount = 0
    var hasFailed = false

    static let ports: ClosedRange<UInt16> = 50000...50015
    static let names = ["alice", "bob", "carol"]
    /// Ports that some other program holds.
    static func isForeign(_ address: TransportAddress) -> Bool { address.port % 8 == 5 }

    init(seed: UInt64) {
        self.seed = seed
        random = SeededRandom(seed: seed)
        let limits = ReferenceModel.Limits()
        let first = Bench(
            ports: Self.ports,
            limits: RelayResources.Limits(userQuota: limits.userQuota, totalQuota: limits.totalQuota), seed: seed
        ) {
            $0.maximumPermissions = limits.permissions
            $0.maximumChannels = limits.channels
        }
        workers = [first, Bench(besides: first, seed: seed &+ 1)]
        for worker in workers { worker.host.isInUse = Self.isForeign }
        users = (0..<16).map { $0 % 3 }
        let workers = workers
        let users = users
        clients = (0..<16).map { index in
            workers[index % 2].client(
                Self.names[users[index]], at: "90.0.0.\(index + 1):5000", over: index % 4 == 3 ? .tcp : .udp)
        }
        beliefs = clients.map { _ in Belief() }
    }

    var now: Moment { workers[0].now }

    func worker(of client: Int) -> Bench { workers[client % 2] }

    // MARK: - The run

    func run(steps: Int) {
        while step < steps, !hasFailed {
            step += 1
            pass(milliseconds: timeStep())
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                act(Int.random(in: 0..<clients.count, using: &random))
            }
            while let (client, reply) = toClients.receive(now: milliseconds, &random) { believe(client, reply) }
            while let packet = toServer.receive(now: milliseconds, &random) { deliver(packet) }
            if Int.random(in: 0..<4, using: &random) == 0 { peerDatagram() }
            if Int.random(in: 0..<60, using: &random) == 0 { disconnect() }
            check()
        }
        if !hasFailed { finish() }
    }

    private func timeStep() -> UInt32 {
        switch Int.random(in: 0..<400, using: &random) {
        case 0: 4_000_000
        case 1: 700_000
        case 2...4: 301_000
        case 5...10: UInt32.random(in: 20_000...45_000, using: &random)
        default: UInt32.random(in: 0...700, using: &random)
        }
    }

    private func pass(milliseconds passed: UInt32) {
        milliseconds += UInt64(passed)
        for worker in workers { worker.advance(milliseconds: passed) }
        // A worker may be late with its cleaning, and may do it by halves.
        for worker in workers where Bool.random(using: &random) {
            let limit = Bool.random(using: &random) ? Int.max : 1
            model.lapse(now.instant)
            worker.engine.expire(now: now.instant, limit: limit, host: &worker.host)
            hear(worker)
        }
    }

    /// The end of an expired allocation is the server's to tell; everything else the model knows by itself.
    private func hear(_ worker: Bench) {
        for event in worker.host.takeEvents() {
            guard case .allocationEnded(_, let tuple, _, _, _, .expired) = event,
                let held = model.allocations[tuple], held.expiry <= now.instant
            else { continue }
            model.remove(tuple, now.instant)
        }
    }

    // MARK: - Clients

    private func act(_ client: Int) {
        if let last = beliefs[client].lastRequest, Int.random(in: 0..<8, using: &random) == 0 {
            return toServer.send(last, now: milliseconds, &random)  // a retransmission
        }
        let packet = Packet.random(client, self)
        if case .noise = packet.intent {} else { beliefs[client].lastRequest = packet }
        toServer.send(packet, now: milliseconds, &random)
    }

    private func believe(_ client: Int, _ reply: Reply) {
        if let nonce = reply.value(.nonce) { beliefs[client].nonce = nonce }
        if let token = reply.token { beliefs[client].token = token }
    }

    private func disconnect() {
        let client = Int.random(in: 0..<clients.count, using: &random)
        let tuple = clients[client].fiveTuple
        guard tuple.transport == .tcp else { return }
        let worker = worker(of: client)
        worker.engine.disconnect(clients[client].asSource, now: now.instant, host: &worker.host)
        model.remove(tuple, now.instant)
        hear(worker)
    }

    // MARK: - The server

    private func deliver(_ packet: Packet) {
        let tuple = clients[packet.client].fiveTuple
        let verdict = judge(packet.intent, tuple)
        let known = model.allocations[tuple].map { now.instant < $0.expiry } ?? false
        let outcome = clients[packet.client].send(packet.bytes)
        hear(worker(of: packet.client))
        if let reply = outcome.reply {
            if let nonce = reply.value(.nonce) { model.nonces[tuple, default: [:]][nonce] = now.unixSeconds }
            toClients.send((packet.client, reply), now: milliseconds, &random)
        }
        switch packet.intent {
        case .noise:
            expect(outcome.relayed == nil, "noise was relayed", packet)
            expect(outcome.reply?.isSuccess != true || outcome.reply?.type.method == .binding, "noise acted", packet)
        case .send, .channelData:
            compareData(packet, outcome, tuple)
        case .binding:
            expect(outcome.reply?.mapped == tuple.client, "Binding", packet)
        case .allocate, .refresh, .permit, .bind:
            expect(outcome.reply != nil, "no reply", packet)
            expect(outcome.reply?.error == verdict, "\(outcome.reply?.error ?? 0) instead of \(verdict ?? 0)", packet)
            if verdict == nil { successes += 1 }
            if case .allocate(let credentials?, let id, let wish) = packet.intent, verdict == nil,
                let reply = outcome.reply
            {
                allocated(packet, reply, wish, id, by: credentials.user, isRepeated: known)
            }
        }
    }

    private func judge(_ intent: Intent, _ tuple: FiveTuple) -> UInt16? {
        switch intent {
        case .allocate(let credentials, let id, let wish):
            if let code = model.refusal(of: credentials, tuple, now) { return code }
            return model.allocate(
                wish, id, by: credentials?.user ?? 0, tuple, now.instant, isFree: isFree,
                isBindable: { !Self.isForeign($0) })
        case .refresh(let credentials, let lifetime, let family):
            if let code = model.refusal(of: credentials, tuple, now) { return code }
            return model.refresh(lifetime, family, by: credentials?.user ?? 0, tuple, now.instant)
        case .permit(let credentials, let peers):
            if let code = model.refusal(of: credentials, tuple, now) { return code }
            return model.permit(peers, by: credentials?.user ?? 0, tuple, now.instant)
        case .bind(let credentials, let number, let peer):
            if let code = model.refusal(of: credentials, tuple, now) { return code }
            return model.bind(number, peer, by: credentials?.user ?? 0, tuple, now.instant)
        case .binding, .send, .channelData, .noise:
            return nil
        }
    }

    /// Whether a port of a family could be had: neither open, nor reserved, nor another program's.
    private func isFree(_ family: IPAddress.Family, _ wish: Intent.Port, _ reserved: [TransportAddress]) -> Bool {
        let bound = Bench.relayAddresses.first { $0.bound.family == family }?.bound ?? .any(family)
        let open = Set(workers.flatMap { $0.host.sockets.values.map(\.address) })
        func isFree(_ port: UInt16) -> Bool {
            let address = TransportAddress(bound, port: port)
            return Self.ports.contains(port) && !open.contains(address) && !reserved.contains(address)
        }
        return Self.ports.contains { port in
            guard isFree(port), !Self.isForeign(TransportAddress(bound, port: port)) else { return false }
            switch wish {
            case .any: return true
            case .even: return port % 2 == 0
            case .evenWithNext: return port % 2 == 0 && isFree(port + 1)
            }
        }
    }

    private func allocated(
        _ packet: Packet, _ reply: Reply, _ wish: Intent.Wish, _ id: TransactionID, by user: Int, isRepeated: Bool
    ) {
        let tuple = clients[packet.client].fiveTuple
        if isRepeated, let held = model.allocations[tuple] {
            let relayed = Set(reply.relayed)
            let lasting = held.relayed.values.filter { now.instant < $0.expiry }.map(\.address)
            return expect(relayed.isSuperset(of: lasting), "a repeated Allocate got other addresses", packet)
        }
        let granted = min(max(wish.lifetime ?? 0, 600), 3600)
        expect(reply.lifetime == granted, "lifetime", packet)
        expect(reply.relayed.count == 1 || wish.isDual, "too many relayed addresses", packet)
        var allocation = ReferenceModel.Allocation(user: user, transaction: id)
        for address in reply.relayed {
            allocation.relayed[address.family] = (address, now.instant.adding(seconds: granted))
            expect(wish.port == .any || wish.isDual || address.port % 2 == 0, "odd", packet)
        }
        model.allocations[tuple] = allocation
        expect((reply.token != nil) == (wish.port == .evenWithNext && wish.token == nil), "token", packet)
        if let token = reply.token, let even = reply.relayed.first {
            model.reservations[token] = ReferenceModel.Reservation(
                user: user, port: even.with(port: even.port + 1), expiry: now.instant.adding(seconds: 30))
        }
    }

    private func compareData(_ packet: Packet, _ outcome: Outcome, _ tuple: FiveTuple) {
        var expected: (TransportAddress, [UInt8])?
        switch packet.intent {
        case .send(let peer, let payload) where model.sends(to: peer, tuple, now.instant): expected = (peer, payload)
        case .channelData(let number, let payload):
            expected = model.peer(of: number, tuple, now.instant).map { ($0, payload) }
        default: break
        }
        guard let (peer, payload) = expected else { return expect(outcome == .silence, "relayed against I1", packet) }
        relayedCount += 1
        expect(outcome.relayed?.peer == peer && outcome.relayed?.payload == payload, "not relayed", packet)
    }

    private func peerDatagram() {
        let ever = model.allocations.values.flatMap { $0.relayed.values.map(\.address) }
            .sorted { ($0.port, $0.family.rawValue) < ($1.port, $1.family.rawValue) }
        guard let relayed = ever.randomElement(using: &random) else { return }
        let peer = Packet.randomPeer(&random, relayed.family)
        // An address that is over may belong to somebody else by now.
        let owner = model.allocations.first { _, allocation in
            allocation.relays(relayed.family, now.instant) && allocation.relayed[relayed.family]?.address == relayed
        }
        let expected = owner.flatMap { model.receives(from: peer, $0.key, now.instant) }
        let message = workers.compactMap { $0.datagram([1, 2, 3], from: "\(peer)", to: relayed) }.first
        let number = message.map { $0[0] < 0x40 ? 0 : UInt16($0[0]) << 8 | UInt16($0[1]) }
        expect(number == expected, "datagram from \(peer) came as \(String(describing: number))")
        if number != nil { relayedCount += 1 }
    }

    // MARK: - Invariants

    private func check() {
        let sockets = workers.flatMap { $0.host.sockets.values.map(\.address) }
        let usage = workers[0].resources.usage
        for (pool, address) in Bench.relayAddresses.enumerated() {
            let open = sockets.count { $0.ip == address.bound }
            let reserved = model.reservations.values.count { $0.port.ip == address.bound }
            expect(usage.freePorts[pool] + open + reserved == Self.ports.count, "ports leak: \(usage), \(open)")
        }
        expect(usage.reservations == model.reservations.count, "reservations")
        expect(usage.allocations == model.allocations.count + model.reservations.count, "quota: \(usage)")
        for user in 0..<3 { expect(model.held(by: user) <= model.limits.userQuota, "user quota passed") }
        expect(usage.allocations <= model.limits.totalQuota, "total quota passed")
        let held = Set(model.allocations.values.flatMap { $0.relayed.values.map(\.address) })
        let live = model.allocations.values.flatMap { $0.relayed.values.filter { now.instant < $0.expiry } }
        expect(Set(sockets).isSubset(of: held), "sockets of nobody")
        expect(Set(sockets).isSuperset(of: live.map(\.address)), "a relayed address without its socket")
        for (index, worker) in workers.enumerated() {
            let own = model.allocations.filter { Int($0.key.client.ip.low & 1) == 1 - index }
            expect(worker.engine.allocations.count == own.count, "allocations of worker \(index)")
            expect(worker.engine.timerCount == own.count, "timers of worker \(index)")
            let permissions = own.values.map { $0.livePermissionCount(now.instant) }.reduce(0, +)
            let channels = own.values.map { $0.liveChannelCount(now.instant) }.reduce(0, +)
            expect(worker.engine.permissionCount >= permissions, "a permission is missing")
            expect(worker.engine.channelCount >= channels, "a channel is missing")
            expect(worker.engine.permissionCount <= own.count * model.limits.permissions, "too many permissions")
            expect(worker.engine.channelCount <= own.count * model.limits.channels, "too many channels")
        }
    }

    private func finish() {
        for worker in workers { worker.advance(seconds: 3600 + 40) }
        for worker in workers { expect(worker.isEmpty, "something is left: \(worker.resources.usage)") }
        expect(workers[0].resources.usage.freePorts == [Self.ports.count, Self.ports.count], "ports are left")
    }

    private func expect(_ condition: Bool, _ message: @autoclosure () -> String, _ packet: Packet? = nil) {
        guard !condition, !hasFailed else { return }
        hasFailed = true  // what comes after the first mismatch follows from it
        let about = packet.map { "client \($0.client), \($0.intent)" } ?? ""
        Issue.record("seed \(seed), step \(step): \(message()) \(about)")
    }
}
