package import Accounts
import Synchronization
package import TURN
package import Timing
package import Transport

/// What an operator asks of a running server, and does to it. Callable from any thread or task; the workers are asked
/// through their mailboxes and answer between their turns.
package final class RelayControl: Sendable {
    private struct State {
        var settings: EngineSettings
        var drain: Drain?
        var certificate: TLSContext.Certificate?
        var isStopping = false
    }

    private let workers: [Mailbox<WorkerCommand>]
    private let resources: RelayResources
    private let state: Mutex<State>
    private let bell: Mailbox<Void>
    /// When the server was made.
    package let startedAt = SystemClock.moment()

    init(
        workers: [Mailbox<WorkerCommand>], resources: RelayResources, settings: EngineSettings
    ) throws(SystemError) {
        self.workers = workers
        self.resources = resources
        state = Mutex(State(settings: settings))
        bell = try Mailbox()
    }

    /// How many workers there are.
    package var workerCount: Int { workers.count }

    private func ask<Answer: Sendable>(
        _ worker: Int, _ question: (Reply<Answer>) -> WorkerQuestion
    ) async -> Answer? {
        await withCheckedContinuation { continuation in
            workers[worker].post(.answer(question(Reply(continuation))))
        }
    }

    // MARK: - Sessions

    /// How many sessions there are.
    package var sessionCount: Int {
        let usage = resources.usage
        return max(0, usage.allocations - usage.reservations)
    }

    /// Sessions that match, in the order of their ids, behind one of an earlier page; and whether there may be more.
    package func sessions(
        matching filter: SessionFilter, after last: SessionID?, limit: Int
    ) async -> (sessions: [(id: SessionID, session: SessionSummary)], isLast: Bool) {
        var found: [(SessionID, SessionSummary)] = []
        let first = min(last?.worker ?? 0, workers.count)
        for worker in first..<workers.count {
            let start = worker == last?.worker ? (last?.allocation.index).map { $0 &+ 1 } ?? 0 : 0
            // One more than is wanted tells whether there is another page.
            let room = limit + 1 - found.count
            let answer = await ask(worker) { .sessions(filter, from: start, limit: room, $0) }
            found += (answer ?? []).map { (SessionID(worker: worker, $0.id), $0) }
            if found.count > limit { return (Array(found.prefix(limit)), false) }
        }
        return (found, true)
    }

    /// One session with all it holds; nil when there is none of that id.
    package func session(_ id: SessionID) async -> WorkerSession? {
        guard workers.indices.contains(id.worker) else { return nil }
        return await ask(id.worker) { .session(id.allocation, $0) } ?? nil
    }

    /// Ends a session; false when there is none of that id.
    package func end(_ id: SessionID) async -> Bool {
        guard workers.indices.contains(id.worker) else { return false }
        return await ask(id.worker) { .end(id.allocation, $0) } == 1
    }

    /// Ends all sessions that match, and tells how many there were.
    package func end(matching filter: SessionFilter) async -> Int {
        var count = await endEverywhere(filter)
        guard workers.count > 1 else { return count }
        // While one worker was asked after the other, some may have gone the other way.
        var mobile = filter
        mobile.isMobile = true
        count += await endEverywhere(mobile)
        return count
    }

    private func endEverywhere(_ filter: SessionFilter) async -> Int {
        var count = 0
        for worker in workers.indices { count += await ask(worker) { .endAll(filter, $0) } ?? 0 }
        return count
    }

    // MARK: - Observation

    /// What each worker has counted; a worker that has ended is left out.
    package func reports() async -> [WorkerReport] {
        var reports: [WorkerReport] = []
        for worker in workers.indices {
            if let report = await ask(worker, { .report($0) }) { reports.append(report) }
        }
        return reports
    }

    /// Events of all workers, from now on. To be closed by who asked for it.
    package func events() -> EventFeed {
        let feed = EventFeed()
        for worker in workers { worker.post(.tell(feed)) }
        return feed
    }

    /// Relay ports: the addresses with how many ports each of them has free.
    package var relayPorts: [(address: RelayAddress, free: Int)] {
        let free = resources.usage.freePorts
        return zip(resources.addresses, free).map { ($0, $1) }
    }

    // MARK: - Settings

    /// What the workers obey.
    package var settings: EngineSettings { state.withLock { $0.settings } }

    /// The workers obey these settings from now on.
    func use(_ settings: EngineSettings) { state.withLock { $0.settings = settings } }

    // MARK: - Certificate

    /// The certificate that clients are shown; nil where TLS is not spoken.
    package var certificate: TLSContext.Certificate? { state.withLock { $0.certificate } }

    /// Clients are shown the certificate of these contexts from now on.
    func use(_ contexts: SecureContexts) {
        let certificate = (contexts.tls ?? contexts.dtls)?.certificate
        state.withLock { $0.certificate = certificate }
    }

    // MARK: - Revocation

    /// Refuses a user name from now on and ends its sessions; how many there were, or nil when there is no more room.
    package func revoke(_ entry: Revocations.Entry, unixSeconds: Int64) async -> Int? {
        guard settings.revocations.insert(entry, unixSeconds: unixSeconds) else { return nil }
        var filter = SessionFilter()
        filter.username = entry.username
        return await end(matching: filter)
    }

    // MARK: - Drain

    /// The drain under way, if there is one.
    package var drain: Drain? { state.withLock { $0.drain } }

    /// Takes no new sessions, and lets the server end when the last is gone or at a deadline. Said again, it moves the
    /// deadline.
    package func drain(now: Moment, deadlineSeconds: UInt32?) {
        let sessions = sessionCount
        let deadline = deadlineSeconds.map {
            Moment(instant: now.instant.adding(seconds: $0), unixSeconds: now.unixSeconds + Int64($0))
        }
        state.withLock { state in
            if state.drain == nil { state.drain = Drain(sessionsAtStart: sessions, startedAt: now.unixSeconds) }
            state.drain?.deadline = deadline
        }
        for worker in workers { worker.post(.drain(true)) }
        bell.post(())
    }

    /// Takes new sessions again.
    package func stopDraining() {
        state.withLock { $0.drain = nil }
        for worker in workers { worker.post(.drain(false)) }
    }

    /// Readable when a drain has begun: ask `isDrained` every now and then from then on.
    package var drainDescriptor: CInt { bell.descriptor }

    /// Whether a drain is under way, and whether it is over and the server is to end.
    package func drainProgress(now: Instant) -> (isUnderWay: Bool, isOver: Bool) {
        _ = bell.drain()
        guard let drain else { return (false, false) }
        return (true, drain.isOver(sessions: sessionCount, now: now))
    }

    // MARK: - End

    /// Whether the server ends.
    package var isStopping: Bool { state.withLock { $0.isStopping } }

    func stop() { state.withLock { $0.isStopping = true } }
}
