import Timing

/// Which clients are to begin, which wait for an answer, which hold an allocation, and which must leave.
struct ClientRoster {
    /// A cycle that is to begin.
    struct Start {
        let slot: Int
        let intended: Instant
    }

    /// Clients that hold an allocation.
    private(set) var holding = 0
    /// Clients that could not be set up and are not tried again.
    private(set) var failed = 0

    private let plan: LoadPlan
    private let settingUpLimit: Int
    private var settingUp = 0
    private var idle: [Int]
    private var places: [Place]
    private var busy: [Int] = []
    private var nextStartTime: Instant
    private let startIntervalNanoseconds: UInt64?
    private var nextDeparture: Instant?
    private var departing = 0

    private struct Place {
        var isBusy = false
        var isOpen = false
        var isSettingUp = false
        var isHolding = false
    }

    init(_ plan: LoadPlan, at now: Instant) {
        self.plan = plan
        idle = Array((0..<plan.sessions).reversed())
        places = Array(repeating: Place(), count: plan.sessions)
        nextStartTime = now
        if plan.life.isCycle {
            settingUpLimit = .max
            startIntervalNanoseconds = plan.requestsPerSecond.map { UInt64(1e9 / max($0, 0.001)) }
        } else {
            settingUpLimit = plan.concurrentSetUps
            startIntervalNanoseconds = UInt64(plan.rampUpSeconds * 1e9 / Double(plan.sessions))
        }
    }

    /// Whether every client has got what it wanted, or never will.
    var isSetUp: Bool { plan.life.isCycle || holding + failed == plan.sessions }

    // MARK: - Beginning

    /// When the next client is to begin; nil when that depends on answers.
    func nextStart(at now: Instant) -> Instant? {
        guard !idle.isEmpty, settingUp < settingUpLimit else { return nil }
        return startIntervalNanoseconds == nil ? now : nextStartTime
    }

    /// The next client that is to begin by now.
    mutating func takeStart(at now: Instant) -> Start? {
        guard let time = nextStart(at: now), time <= now, let slot = idle.popLast() else { return nil }
        if let interval = startIntervalNanoseconds { nextStartTime = time.adding(nanoseconds: interval) }
        settingUp += 1
        places[slot].isSettingUp = true
        return Start(slot: slot, intended: plan.life.isCycle ? time : now)
    }

    // MARK: - Ways and answers

    /// Whether a client has a way to the server.
    func isOpen(_ slot: Int) -> Bool { places[slot].isOpen }

    /// Notes that a client has a way to the server.
    mutating func noteOpen(_ slot: Int) { places[slot].isOpen = true }

    /// Notes that a client's way to the server is broken.
    mutating func noteClosed(_ slot: Int) { places[slot].isOpen = false }

    /// Notes that a client waits for an answer and may have to ask again.
    mutating func noteBusy(_ slot: Int) {
        guard !places[slot].isBusy else { return }
        places[slot].isBusy = true
        busy.append(slot)
    }

    /// The clients that waited for an answer; those that still do are to be noted again.
    mutating func takeBusy() -> [Int] {
        defer { busy.removeAll(keepingCapacity: true) }
        for slot in busy { places[slot].isBusy = false }
        return busy
    }

    // MARK: - Holding and ending

    /// Notes that a client has its allocation.
    mutating func noteHolding(_ slot: Int) {
        endSetUp(slot)
        places[slot].isHolding = true
        holding += 1
    }

    /// Notes that a client's cycle is over.
    mutating func noteEnd(_ slot: Int) {
        endSetUp(slot)
        endHolding(slot)
        idle.insert(slot, at: 0)
    }

    /// Notes that a client's cycle failed. One that was to hold its allocation from the start is not tried again.
    mutating func noteFailure(_ slot: Int) {
        let isHopeless = !plan.life.isCycle && places[slot].isSettingUp
        places[slot].isOpen = false
        endSetUp(slot)
        endHolding(slot)
        if isHopeless { failed += 1 } else { idle.insert(slot, at: 0) }
    }

    private mutating func endSetUp(_ slot: Int) {
        if places[slot].isSettingUp { settingUp -= 1 }
        places[slot].isSettingUp = false
    }

    private mutating func endHolding(_ slot: Int) {
        if places[slot].isHolding { holding -= 1 }
        places[slot].isHolding = false
    }

    /// Clients that are to leave by now, in turn.
    mutating func takeDepartures(at now: Instant, among clients: [LoadClient]) -> [Int] {
        guard plan.departuresPerSecond > 0, isSetUp || nextDeparture != nil else { return [] }
        let interval = UInt64(1e9 / plan.departuresPerSecond)
        var time = nextDeparture ?? now.adding(nanoseconds: interval)
        var leaving: [Int] = []
        while time <= now {
            time = time.adding(nanoseconds: interval)
            departing = (departing + 1) % clients.count
            if clients[departing].stage == .ready { leaving.append(departing) }
        }
        nextDeparture = time
        return leaving
    }
}

extension LoadPlan.Life {
    /// Whether clients do the same again and again, instead of keeping what they have.
    var isCycle: Bool {
        switch self {
        case .binding, .allocateAndFree: true
        case .hold, .carry: false
        }
    }
}
