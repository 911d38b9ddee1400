import STUN
import TURNClient
import Timing

/// The data of all sessions: which packet leaves when, what it looks like, and what became of it.
///
/// The flows of a session follow one another, one for each stream of the plan.
struct Traffic {
    /// The streams that each session has.
    let streams: [MediaStream]
    /// What was offered and what arrived.
    var figures = TrafficFigures()
    private var flows: [Flow]
    private var schedule = SendSchedule()
    private var window: SendWindow?
    private var rotation: [Int] = []
    private var turn = 0
    private var messages: [ProbeMessage]
    private let tag = UInt32.random(in: .min ... .max)

    init(_ plan: LoadPlan, messages: [ProbeMessage]) {
        streams = plan.streams
        flows = Array(repeating: Flow(), count: plan.sessions * plan.streams.count)
        self.messages = messages
        if plan.streams.contains(where: { $0.intervalNanoseconds == nil }) {
            window = SendWindow(capacity: plan.window)
        }
    }

    // MARK: - Sessions come and go

    /// Lets the flows of a session run from now on. Streams begin at a random point of their interval, so that sessions
    /// that came together do not send together.
    mutating func start(_ slot: Int, at now: Instant) {
        for (stream, shape) in streams.enumerated() {
            let flow = slot * streams.count + stream
            flows[flow].isActive = true
            guard !flows[flow].isScheduled else { continue }
            flows[flow].isScheduled = true
            if window == nil, let interval = shape.intervalNanoseconds {
                schedule.insert(flow, at: now.nanoseconds + .random(in: 0..<interval))
            } else {
                rotation.append(flow)
            }
        }
    }

    /// Stops the flows of a session.
    mutating func stop(_ slot: Int) {
        for stream in streams.indices { flows[slot * streams.count + stream].isActive = false }
    }

    /// Begins anew after a pause: what was due in it, or on its way before it, is forgotten.
    mutating func resume(at now: Instant) {
        window = window.map { SendWindow(capacity: $0.capacity) }
        guard window == nil else { return }
        schedule = SendSchedule()
        for flow in flows.indices where flows[flow].isScheduled {
            guard let interval = streams[flow % streams.count].intervalNanoseconds else { continue }
            schedule.insert(flow, at: now.nanoseconds + .random(in: 0..<interval))
        }
    }

    // MARK: - Leaving

    /// When the next packet is due; nil when none is, or when that depends on arrivals.
    var nextDue: Instant? { schedule.first.map { Instant(nanoseconds: $0.dueNanoseconds) } }

    /// Whether packets wait only for the time, not for arrivals.
    mutating func nextDeparture(at now: Instant) -> Departure? {
        window == nil ? nextScheduled(at: now) : nextInRotation(at: now)
    }

    private mutating func nextScheduled(at now: Instant) -> Departure? {
        while let entry = schedule.first, entry.dueNanoseconds <= now.nanoseconds {
            let flow = entry.flow
            let shape = streams[flow % streams.count]
            guard flows[flow].isActive, let interval = shape.intervalNanoseconds else {
                flows[flow].isScheduled = false
                schedule.removeFirst()
                continue
            }
            schedule.delayFirst(until: entry.dueNanoseconds + interval)
            figures.noteLag(now.nanoseconds - entry.dueNanoseconds)
            return departure(of: flow, intended: entry.dueNanoseconds)
        }
        return nil
    }

    private mutating func nextInRotation(at now: Instant) -> Departure? {
        guard var window else { return nil }
        window.tick(now.nanoseconds)
        defer { self.window = window }
        while !rotation.isEmpty {
            turn = turn < rotation.count ? turn : 0
            let flow = rotation[turn]
            guard flows[flow].isActive else {
                flows[flow].isScheduled = false
                rotation.remove(at: turn)
                continue
            }
            let burst = streams[flow % streams.count].burst
            // A window smaller than a burst lets one burst through at a time.
            guard window.room >= min(burst, window.capacity) else { return nil }
            turn += 1
            window.noteSent(burst)
            return departure(of: flow, intended: now.nanoseconds)
        }
        return nil
    }

    private func departure(of flow: Int, intended: UInt64) -> Departure {
        let stream = flow % streams.count
        return Departure(
            flow: flow, slot: flow / streams.count, stream: stream, count: streams[stream].burst,
            intendedNanoseconds: intended)
    }

    /// Writes the next packet of a departure; it stands in `message(of:)`.
    mutating func write(_ departure: Departure) {
        let mark = ProbeMark(
            tag: tag, flow: UInt32(truncatingIfNeeded: departure.flow),
            sequence: flows[departure.flow].nextSequence, intendedNanoseconds: departure.intendedNanoseconds)
        flows[departure.flow].nextSequence &+= 1
        messages[departure.stream].write(mark)
        figures.noteSent(streams[departure.stream], intended: departure.intendedNanoseconds)
    }

    /// The packet written last for a stream.
    func message(of stream: Int) -> [UInt8] { messages[stream].bytes }

    // MARK: - Arriving

    /// Takes the datagrams that a peer has received.
    mutating func arrived(_ count: Int, at peer: borrowing PeerEndpoint, _ now: Instant) {
        for index in 0..<count { arrived(peer.bytes(index), .up, at: now) }
    }

    /// Takes a payload that came out of the server, at the client for `down` and at the peer for `up`.
    mutating func arrived(_ payload: Span<UInt8>, _ direction: MediaStream.Direction, at now: Instant) {
        guard let mark = ProbeMark(payload), mark.tag == tag, Int(mark.flow) < flows.count else { return }
        let flow = Int(mark.flow)
        let shape = streams[flow % streams.count]
        guard shape.direction == direction, payload.count == shape.payloadByteCount else { return }
        window?.noteArrived()
        // Sequence numbers wrap; the sign of the distance tells which is ahead.
        let distance = Int32(bitPattern: mark.sequence &- flows[flow].nextExpected)
        if distance >= 0 { flows[flow].nextExpected = mark.sequence &+ 1 }
        figures.noteArrived(
            shape, intended: mark.intendedNanoseconds, now: now.nanoseconds, isReordered: distance < 0)
    }
}
