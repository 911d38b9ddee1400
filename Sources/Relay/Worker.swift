import Addressing
package import Offload
import STUN
package import TURN
import Tables
import Timing
package import Transport

/// One thread of the server and everything it owns: listeners, relay sockets, connections, buffers, and an engine with the
/// allocations whose clients the kernel has sent here. Workers share no memory but `RelayResources`.
///
/// A turn of the loop: wait, read the clock once, receive from what is ready into one batch of buffers, decide, gather what
/// leaves, send it, reset the batch.
package struct Worker: ~Copyable {
    var engine: Engine
    var host: WorkerHost
    let listeners: WorkerListeners
    private(set) var settings: WorkerSettings
    let mailbox: Mailbox<WorkerCommand>
    /// The mailboxes of all workers, this one's at `index`: for what a client brings to the wrong worker.
    let workers: [Mailbox<WorkerCommand>]
    /// Which of the workers this one is.
    let index: Int

    var receives = ReceiveBatch(capacity: 64)
    var sends: SendBatch
    /// Frames for TCP clients; a received datagram makes one at most.
    var frames = StreamBatch(capacity: 128)
    var connections: ConnectionTable
    /// What TLS begins with; nil when it is not spoken.
    var tls: TLSContext?
    var strangers: NewcomerRing
    var handshakes: NewcomerRing
    var datagramSessions: DatagramSessionTable
    var datagramHandshakes: NewcomerRing
    /// How many more steps of handshakes this turn has time for.
    var handshakeSteps = 0
    var reserve = DescriptorReserve()
    /// Where the connection that is being served goes on, if it leaves.
    var departure: Departure?
    /// The listeners are left alone until the next sweep: the system had nothing to accept with.
    var pausesAccepting = false
    /// The time of this turn.
    var now: Moment
    /// Datagrams received from peers since the listeners were last read between them.
    var peerDatagrams = 0
    /// Lets packets wait under medium load; nil when that is not wanted.
    private var moderation: Moderation?
    /// What other threads want, and there was no time for yet.
    private var commands = CommandQueue()
    /// What the operator wants to know.
    var questions = QuestionQueue()
    /// How the turns went.
    var load = WorkerLoad()
    private var isStopping = false
    private var nextSweep: Instant
    /// What the worker has counted.
    package var counters = WorkerCounters()

    /// Timers handled in one turn, so that a burst of expiries does not hold up the relay path.
    private static var timersPerTurn: Int { 256 }
    /// Datagrams taken from one socket in one turn, so that a busy one does not starve the others.
    static var datagramsPerSocket: Int { 64 }

    /// A worker on its listeners. To be made on the thread that runs it.
    package init(
        engine settings: EngineSettings, worker: WorkerSettings, resources: RelayResources,
        contexts: SecureContexts = SecureContexts(), listeners: WorkerListeners, workers: [Mailbox<WorkerCommand>],
        index: Int, journal: Journal, offload: KernelRelay? = nil
    ) throws(SystemError) {
        let mailbox = workers[index]
        let epoll = try Self.watch(listeners, mailbox)
        now = SystemClock.moment()
        nextSweep = now.instant
        let place = WorkerPlace(index: UInt32(index), of: UInt32(workers.count))
        engine = Engine(settings: settings, resources: resources, place: place, start: now.instant)
        sends = SendBatch(capacity: 512, asksTwice: worker.reportsErrors)
        connections = ConnectionTable(
            start: now.instant, backlogLimit: worker.streamBacklogBytes,
            census: ConnectionCensus(
                limit: worker.connectionsPerSource,
                hasProxies: !worker.proxies.isEmpty || listeners.streams.contains(where: \.speaksProxy)))
        strangers = NewcomerRing(capacity: worker.strangers)
        handshakes = NewcomerRing(capacity: worker.concurrentHandshakes)
        tls = contexts.tls
        datagramSessions = DatagramSessionTable(start: now.instant, context: contexts.dtls)
        datagramHandshakes = NewcomerRing(capacity: worker.concurrentHandshakes)
        host = WorkerHost(
            epoll: epoll, settings: worker, journal: journal, ledger: Ledger(worker: index),
            offloaded: Self.share(of: offload, resources, index, of: workers.count, journal))
        let start = now.instant
        moderation = worker.moderationDelay.map { Moderation(delay: $0, start: start) }
        self.settings = worker
        self.listeners = listeners
        self.mailbox = mailbox
        self.workers = workers
        self.index = index
    }

    private static func watch(
        _ listeners: WorkerListeners, _ mailbox: Mailbox<WorkerCommand>
    ) throws(SystemError) -> Epoll {
        let epoll = try Epoll()
        try epoll.add(mailbox.descriptor, .read, token: WorkerToken.mailbox.token())
        for (index, listener) in listeners.datagrams.enumerated() {
            let token = WorkerToken.datagramListener.token(index: UInt32(index))
            try epoll.add(listener.socket.descriptor, .read, token: token)
        }
        for (index, listener) in listeners.streams.enumerated() {
            let token = WorkerToken.streamListener.token(index: UInt32(index))
            try epoll.add(listener.socket.descriptor, .read, token: token)
        }
        return epoll
    }

    /// Runs until told to stop.
    package mutating func run() throws(SystemError) {
        while !isStopping {
            let events = try host.epoll.wait(timeoutMilliseconds: timeoutMilliseconds())
            now = SystemClock.moment()
            handshakeSteps = Self.handshakeStepsPerTurn
            serveRested()
            for index in 0..<events {
                serve(host.epoll.event(index))
                giveClientsTheirTurn()
            }
            obey()
            sweep()
            deliverMessages()
            answerQuestions()
            sendRecords()
            let packets = endTurn()
            if load.measuresTurn() {
                load.countTurn(nanoseconds: SystemClock.instant().nanoseconds(since: now.instant))
            }
            pause(packets)
        }
        close()
    }

    /// One listener carries all UDP clients, and there may be a thousand relay sockets with something to read. So that a
    /// flood of peers does not crowd clients out, the listeners are read again after every share of datagrams from peers:
    /// both directions are served alike.
    private mutating func giveClientsTheirTurn() {
        guard peerDatagrams >= Self.datagramsPerSocket else { return }
        peerDatagrams = 0
        for index in listeners.datagrams.indices { receiveFromClients(UInt32(index)) }
    }

    private mutating func serve(_ event: Epoll.Event) {
        switch WorkerToken(rawValue: event.token.kind) {
        case .datagramListener: receiveFromClients(event.token.index)
        case .relay:
            if event.hasFailed { receiveErrors(event.token) }
            receiveFromPeers(event.token)
        case .connection: serveConnection(event)
        case .streamListener: acceptClients(event.token.index)
        case .relayListener: acceptPeers(event.token)
        case .peer, .dataClient: serveDataConnection(event)
        case .mailbox: commands.take(from: mailbox)
        case nil: break
        }
    }

    // MARK: - Ends of turns

    /// Makes sure that a datagram can be received: when all buffers are taken, what they hold is sent first.
    mutating func makeRoom() {
        if receives.freeCount == 0 { endTurn() }
    }

    /// Sends what the turn has gathered, gives the buffers back, closes what was given up. Returns how many buffers were
    /// in use.
    @discardableResult
    private mutating func endTurn() -> Int {
        load.countBatch(receives.count)
        sends.flush(from: receives)
        sendFrames()
        let used = receives.count
        receives.reset()
        host.closeAbandonedSockets()
        return used
    }

    /// Leaves the sockets alone for a while if moderation wants it, after a turn that received so many packets.
    private mutating func pause(_ packets: Int) {
        guard let end = moderation?.pause(after: packets, at: now.instant) else { return }
        SystemClock.sleep(until: end)
    }

    // MARK: - Time

    private mutating func timeoutMilliseconds() -> Int {
        guard connections.resting.isEmpty, questions.isEmpty, commands.isEmpty else { return 0 }
        guard engine.nextExpiry() != nil || connections.count + datagramSessions.count > 0 || pausesAccepting else {
            return -1
        }
        return Int(clamping: nextSweep.nanoseconds(since: now.instant) / 1_000_000 + 1)
    }

    /// Looks after what has run out, about once a second, and again in the next turn when it was more than a turn's share.
    private mutating func sweep() {
        guard now.instant >= nextSweep else { return }
        engine.expire(now: now.instant, limit: Self.timersPerTurn, host: &host)
        expireConnections(limit: Self.timersPerTurn)
        expireSessions(limit: Self.timersPerTurn)
        if pausesAccepting { resumeAccepting() }
        let hasCounted = countOffloaded()
        let next = min(
            engine.nextExpiry() ?? .distantFuture, connections.timers.nextTick() ?? .distantFuture,
            datagramSessions.timers.nextTick() ?? .distantFuture)
        nextSweep = next <= now.instant || !hasCounted ? now.instant : now.instant.adding(milliseconds: 1000)
        resumePaced()
    }

    /// Has the next sweep come no later than this.
    mutating func hastenSweep(to instant: Instant) { nextSweep = min(nextSweep, instant) }

    // MARK: - Commands

    /// Obeys so many commands as a turn has time for. Strangers can cause some of them.
    private mutating func obey() {
        guard !commands.isEmpty else { return }
        for command in commands.next() {
            switch command {
            case .use(let contexts):
                tls = contexts.tls
                datagramSessions.context = contexts.dtls
            case .obey(let engineSettings, let workerSettings):
                engine.adopt(engineSettings, now: now.instant, host: &host)
                settings = workerSettings
            case .sendClients(let servers): engine.sendClients(to: servers)
            case .adopt(let connection): adopt(connection)
            case .serve(let request): serve(request)
            case .passOn(let reply): passOn(reply)
            case .give(let claim, let worker, let packet): give(claim, to: worker, with: packet)
            case .take(let session): take(session)
            case .callRoll(let roll): roll.answer()
            case .drain(let isDraining): engine.isDraining = isDraining
            case .answer(let question): questions.append(question)
            case .tell(let feed): host.ledger.add(feed)
            case .stop: isStopping = true
            }
        }
    }

    private mutating func close() {
        // What is on its way here ends here.
        for command in commands.removeAll() + mailbox.close() {
            switch command {
            case .adopt(let connection): connection.close()
            case .take(let session): take(session)
            default: break
            }
        }
        engine.endAll(now: now.instant, host: &host)
        endSessions()
        endTurn()
        closeConnections()
        listeners.close()
    }
}
