import Timing
import Transport

// Clients begin, are answered, and end.

extension LoadLoop where Links: ~Copyable {
    /// Begins the cycles that are due.
    mutating func startClients() throws(SystemError) {
        guard isStarting else { return }
        while let start = roster.takeStart(at: now) {
            cycles.begun += 1
            clients[start.slot].connect(intended: start.intended)
            if case .binding = plan.life, roster.isOpen(start.slot) {
                begin(start.slot)
            } else {
                try links.open(start.slot, in: epoll)
            }
        }
    }

    private mutating func begin(_ slot: Int) {
        roster.noteOpen(slot)
        clients[slot].begin(at: now)
        pump(slot)
    }

    /// Sends what a client has to send, and waits for the answer.
    mutating func pump(_ slot: Int) {
        var failure: LoadClient.Outcome?
        while let message = clients[slot].nextTransmission(at: now, onGiveUp: { failure = $0 }) {
            links.send(message.span, for: slot)
        }
        if let failure { handle(failure, of: slot) }
        if clients[slot].isWaiting { roster.noteBusy(slot) }
    }

    // MARK: - News

    /// Takes all that has come from the server.
    mutating func handleNews() {
        for news in links.news {
            switch news {
            case .opened(let slot):
                begin(slot)
            case .closed(let slot):
                roster.noteClosed(slot)
                if clients[slot].stage != .idle { handle(.failed(0), of: slot) }
            case .message(let message):
                let outcome = clients[message.slot].receive(links.bytes(message), at: now)
                if case .payload(let range) = outcome {
                    traffic.arrived(links.bytes(message).extracting(range), .down, at: now)
                } else {
                    handle(outcome, of: message.slot)
                }
            }
        }
        links.reset()
    }

    /// Does what a client's outcome asks for.
    mutating func handle(_ outcome: LoadClient.Outcome, of slot: Int) {
        switch outcome {
        case .none, .payload: break
        case .mustSend: pump(slot)
        case .ready: settle(slot)
        case .finished: finish(slot)
        case .failed(let code): fail(slot, code)
        }
    }

    private mutating func settle(_ slot: Int) {
        noteSuccess(of: slot)
        roster.noteHolding(slot)
        switch plan.life {
        case .allocateAndFree:
            free(slot)
        case .carry:
            traffic.start(slot, at: now)
        case .binding, .hold:
            break
        }
    }

    /// Gives an allocation back.
    mutating func free(_ slot: Int) {
        clients[slot].free(at: now)
        pump(slot)
    }

    private mutating func finish(_ slot: Int) {
        if case .binding = plan.life { noteSuccess(of: slot) } else { cycles.finished += 1 }
        clients[slot].rest()
        roster.noteEnd(slot)
    }

    private mutating func fail(_ slot: Int, _ code: UInt16) {
        cycles.failures[code, default: 0] += 1
        if clients[slot].isHolding {
            cycles.lost += 1
            traffic.stop(slot)
        }
        clients[slot].rest()
        roster.noteFailure(slot)
    }

    private mutating func noteSuccess(of slot: Int) {
        cycles.succeeded += 1
        let latency = now.nanoseconds(since: clients[slot].intended)
        cycles.recent.record(latency)
        // Sessions that hold are set up before the measured time, cycles within it.
        if record.isMeasuring { cycles.succeededWhileMeasuring += 1 }
        if record.isMeasuring || !plan.life.isCycle { cycles.latency.record(latency) }
    }
}
