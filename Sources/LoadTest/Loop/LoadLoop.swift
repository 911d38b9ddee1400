import Addressing
import TURNClient
import Timing
import Transport

/// A run of a plan: one thread, one epoll loop, all clients and their peer.
///
/// A turn: begin what is due, gather what is to be sent, send it, wait, take what came.
struct LoadLoop<Links: ClientLinks & ~Copyable>: ~Copyable {
    let plan: LoadPlan
    let watched: WatchedProcess?

    var links: Links
    var peer: PeerEndpoint
    var epoll: Epoll
    var traffic: Traffic
    var clients: [LoadClient]
    var roster: ClientRoster
    var cycles = CycleFigures()
    var record = RunRecord()
    /// The time of this turn.
    var now: Instant
    /// Whether new cycles begin and packets leave.
    var isStarting = true
    var isSending = true

    private var nextTick: Instant
    private var nextUpkeep: Instant
    private let onSample: (LoadSample) -> Void

    /// Packets sent in one turn, so that a backlog does not keep the loop from receiving.
    private static var packetsPerTurn: Int { 128 }

    init(
        _ plan: LoadPlan, links: consuming Links, peer: consuming PeerEndpoint, server: TargetServer,
        messages: [ProbeMessage], onSample: @escaping (LoadSample) -> Void
    ) throws(SystemError) {
        let epoll = try Epoll()
        try peer.watch(in: epoll)
        self.epoll = epoll
        self.plan = plan
        self.links = links
        self.onSample = onSample
        watched = server.processID.map { WatchedProcess(id: $0) }
        traffic = Traffic(plan, messages: messages)
        let peerAddress = peer.address
        clients = (0..<plan.sessions).map { _ in
            LoadClient(
                plan, credentials: server.credentials, isStream: server.url.transport.isStream, peer: peerAddress)
        }
        self.peer = peer
        now = SystemClock.instant()
        roster = ClientRoster(plan, at: now)
        nextTick = now
        nextUpkeep = now
    }

    /// One turn, which ends at `deadline` at the latest.
    mutating func turn(until deadline: Instant) throws(SystemError) {
        now = SystemClock.instant()
        try tick()
        try startClients()
        handleNews()
        let mayWait = sendPackets()
        try links.flush(in: epoll)
        peer.flush()
        let events = try epoll.wait(nanoseconds: mayWait ? patience(until: deadline) : 0)
        guard events > 0 else { return }
        for index in 0..<events {
            let event = epoll.event(index)
            switch LinkToken(rawValue: event.token.kind) {
            case .client: try links.serve(event, in: epoll)
            case .peer: hearPeer()
            case nil: break
            }
        }
        now = SystemClock.instant()
        handleNews()
    }

    private func patience(until deadline: Instant) -> UInt64 {
        if plan.spins { return 0 }
        var next = min(deadline, nextTick)
        if isSending, let due = traffic.nextDue { next = min(next, due) }
        if isStarting, let start = roster.nextStart(at: now) { next = min(next, start) }
        return next.nanoseconds(since: now)
    }

    // MARK: - Time

    private mutating func tick() throws(SystemError) {
        guard now >= nextTick else { return }
        nextTick = now.adding(milliseconds: 20)
        for slot in roster.takeBusy() { pump(slot) }
        guard now >= nextUpkeep else { return }
        nextUpkeep = now.adding(milliseconds: 100)
        links.keepUp(at: now)
        for slot in clients.indices where clients[slot].due <= now { handle(clients[slot].keepUp(at: now), of: slot) }
        for slot in roster.takeDepartures(at: now, among: clients) {
            traffic.stop(slot)
            clients[slot].leave(at: now)
        }
        if let sample = record.sample(
            at: now, cycles: &cycles, traffic: &traffic.figures, holding: roster.holding, watched)
        {
            onSample(sample)
        }
    }

    // MARK: - Packets

    /// Gathers what is due; false when there is more to send at once.
    private mutating func sendPackets() -> Bool {
        guard isSending else { return true }
        var sent = 0
        while sent < Self.packetsPerTurn {
            guard let departure = traffic.nextDeparture(at: now) else { return true }
            for _ in 0..<departure.count {
                traffic.write(departure)
                let message = traffic.message(of: departure.stream)
                switch traffic.streams[departure.stream].direction {
                case .up:
                    links.send(message.span, for: departure.slot)
                case .down:
                    if let relayed = clients[departure.slot].relayed { peer.send(message.span, to: relayed) }
                }
            }
            sent += departure.count
        }
        return false
    }

    private mutating func hearPeer() {
        let count = peer.receive()
        let time = SystemClock.instant()
        traffic.arrived(count, at: peer, time)
        peer.reset()
    }
}
