import TURN
import Timing
import Transport

// Questions of the operator. One slice of one of them is answered at the end of a turn; while some wait, turns follow each
// other without sleeping, and clients and peers have all the others.

extension Worker {
    /// Places of the table that are looked at in one turn.
    private static var placesPerTurn: UInt32 { 64 }
    /// Sessions that are ended in one turn; each closes a socket and writes a log record.
    private static var endingsPerTurn: Int { 8 }

    mutating func answerQuestions() {
        guard let question = questions.first else { return }
        switch question {
        case .sessions(let filter, let start, let limit, let reply): list(filter, from: start, limit, reply)
        case .session(let id, let reply): finish(reply, describe(id))
        case .end(let id, let reply): finish(reply, engine.endSession(id, now: now.instant, host: &host) ? 1 : 0)
        case .endAll(let filter, let reply): end(filter, reply)
        case .report(let reply): report(reply)
        }
    }

    private mutating func finish<Answer: Sendable>(_ reply: Reply<Answer>, _ answer: Answer) {
        reply.give(answer)
        questions.removeFirst()
    }

    private mutating func list(
        _ filter: SessionFilter, from start: UInt32, _ limit: Int, _ reply: Reply<[SessionSummary]>
    ) {
        var (next, found): (UInt32, [SessionSummary]) = (start, [])
        if case .listing(let reached, let already) = questions.progress {
            (next, found) = (reached, already)
        } else {
            found.reserveCapacity(min(limit, engine.allocations.count))
        }
        questions.progress = .none  // so that `found` has one owner and is appended to in place
        let end = min(engine.sessionSlotCount, next &+ Self.placesPerTurn)
        while next < end, found.count < limit {
            if let session = engine.session(at: next, matching: filter, now: now.instant) { found.append(session) }
            next += 1
        }
        if found.count == limit || next >= engine.sessionSlotCount { return finish(reply, found) }
        questions.progress = .listing(next: next, found: found)
    }

    private mutating func end(_ filter: SessionFilter, _ reply: Reply<Int>) {
        var (next, count): (UInt32, Int) = (0, 0)
        if case .ending(let reached, let already) = questions.progress { (next, count) = (reached, already) }
        let end = min(engine.sessionSlotCount, next &+ Self.placesPerTurn)
        let most = count + Self.endingsPerTurn
        while next < end, count < most {
            if let session = engine.session(at: next, matching: filter, now: now.instant),
                engine.endSession(session.id, now: now.instant, host: &host)
            {
                count += 1
            }
            next += 1
        }
        if next >= engine.sessionSlotCount { return finish(reply, count) }
        questions.progress = .ending(next: next, count: count)
    }

    private mutating func describe(_ id: AllocationID) -> WorkerSession? {
        guard let detail = engine.session(id, now: now.instant) else { return nil }
        return WorkerSession(detail: detail, encryption: encryption(of: engine.allocations[id.index]))
    }

    private func encryption(of allocation: Allocation) -> WorkerSession.Encryption? {
        let session =
            allocation.path.isConnection
            ? connections.index(for: allocation.path).flatMap { connections.session($0) }
            : datagramSessions.find(allocation.fiveTuple).flatMap { datagramSessions.session($0) }
        return session.map { WorkerSession.Encryption(version: $0.version, cipher: $0.cipher) }
    }

    private mutating func report(_ reply: Reply<WorkerReport>) {
        if case .none = questions.progress {
            engine.beginTally()
            questions.progress = .tallying
        }
        guard engine.continueTally(limit: Self.placesPerTurn * 4) else { return }
        finish(
            reply,
            WorkerReport(
                tally: engine.tally, permissions: engine.permissionCount, channels: engine.channelCount,
                connections: connections.count, datagramSessions: datagramSessions.count,
                backlogDrops: connections.backlogDrops, drops: engine.drops, requests: engine.requests,
                counters: counters, sends: sends.counters, offload: host.offloaded?.figures ?? OffloadFigures(),
                events: host.ledger.events, load: load))
    }
}
