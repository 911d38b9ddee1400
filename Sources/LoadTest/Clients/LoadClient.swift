import Addressing
import STUN
import TURNClient
import Timing
import Transport

/// One client of the load: a session, and how far its life has come.
final class LoadClient {
    /// Where the life stands.
    enum Stage {
        /// Nothing is under way.
        case idle
        /// The way to the server is being made.
        case connecting
        /// A Binding request is under way.
        case binding
        /// Allocate is under way.
        case allocating
        /// The channel or the permission is under way.
        case opening
        /// It has an allocation, and carries data if that is its life.
        case ready
        /// It carries data no more and waits for the last to arrive.
        case leaving
        /// The allocation is being freed.
        case freeing
    }

    /// What a packet from the server, or the time, has led to.
    enum Outcome {
        /// Nothing to do.
        case none
        /// There is something to send.
        case mustSend
        /// The client has its allocation and all it needs.
        case ready
        /// A cycle is over, as it should be.
        case finished
        /// A request failed: with an error code, or without an answer (0).
        case failed(UInt16)
        /// Data of a peer: where it lies in the packet.
        case payload(Range<Int>)
    }

    /// The channel that every client uses.
    static let channel = ChannelNumber(rawValue: ChannelNumber.rfc8656.lowerBound)
    private let upkeepSeconds: UInt32

    private let life: LoadPlan.Life
    private let peer: TransportAddress?
    private(set) var stage = Stage.idle
    private(set) var session: ClientSession
    /// Where peers reach the client.
    private(set) var relayed: SocketAddress?
    /// When the cycle was to begin.
    private(set) var intended = Instant.distantPast
    /// When the allocation and its channel are to be refreshed, or, while leaving, when to free it.
    private(set) var due = Instant.distantFuture

    init(_ plan: LoadPlan, credentials: Credentials?, isStream: Bool, peer: TransportAddress?) {
        life = plan.life
        upkeepSeconds = plan.upkeepSeconds
        self.peer = peer
        session = ClientSession(isStream: isStream, credentials: credentials)
        // As browsers do: older servers and older clients agree on this.
        session.usesPasswordAlgorithms = false
    }

    /// Whether it holds an allocation.
    var isHolding: Bool {
        switch stage {
        case .ready, .leaving: true
        default: false
        }
    }

    /// Whether a request is under way.
    var isWaiting: Bool { session.nextDeadline != nil }

    /// Begins a cycle that was to begin at `intended`: the way to the server is to be opened.
    func connect(intended: Instant) {
        stage = .connecting
        self.intended = intended
        session.challenge = nil
    }

    /// Sends the first request.
    func begin(at now: Instant) {
        if case .binding = life {
            stage = .binding
            session.begin(.binding, at: now)
        } else {
            stage = .allocating
            session.begin(.allocate(), at: now)
        }
    }

    /// Gives the allocation back, after a pause for what is still on its way.
    func leave(at now: Instant) {
        stage = .leaving
        due = now.adding(milliseconds: 300)
    }

    /// Frees the allocation.
    func free(at now: Instant) {
        stage = .freeing
        due = .distantFuture
        session.begin(.refresh(lifetimeSeconds: 0), at: now)
    }

    /// Ends the cycle, whatever it came to.
    func rest() {
        stage = .idle
        due = .distantFuture
        relayed = nil
    }

    /// The next message to send; nil when there is none, or when a request was given up, which `onGiveUp` then hears.
    func nextTransmission(at now: Instant, onGiveUp: (Outcome) -> Void) -> [UInt8]? {
        while let action = session.poll(at: now) {
            switch action {
            case .transmit(let bytes): return bytes
            case .giveUp: onGiveUp(.failed(0))
            }
        }
        return nil
    }

    /// Does what the time asks for.
    func keepUp(at now: Instant) -> Outcome {
        guard now >= due else { return .none }
        if stage == .leaving {
            free(at: now)
            return .mustSend
        }
        due = now.adding(seconds: upkeepSeconds)
        session.begin(.refresh(), at: now)
        if let request = openingRequest { session.begin(request, at: now) }
        return .mustSend
    }

    // MARK: - Receiving

    /// Takes a message from the server.
    func receive(_ message: Span<UInt8>, at now: Instant) -> Outcome {
        switch session.receive(message, at: now) {
        case .data(_, let payload), .channelData(_, let payload): .payload(payload)
        case .challenged: .mustSend
        case .ignored, .connectionAttempt: .none
        case .response(_, let response): advance(response, at: now)
        }
    }

    private func advance(_ response: ClientResponse, at now: Instant) -> Outcome {
        if let code = response.errorCode { return .failed(code) }
        switch stage {
        case .binding, .freeing:
            return .finished
        case .allocating:
            return allocated(response, at: now)
        case .opening:
            return settle(at: now)
        case .ready, .leaving, .idle, .connecting:
            return .none
        }
    }

    private func allocated(_ response: ClientResponse, at now: Instant) -> Outcome {
        relayed = response.relayedAddress.map { SocketAddress($0) }
        if let request = openingRequest {
            stage = .opening
            session.begin(request, at: now)
            return .mustSend
        }
        return settle(at: now)
    }

    private func settle(at now: Instant) -> Outcome {
        stage = .ready
        due = now.adding(seconds: upkeepSeconds)
        return .ready
    }

    /// What opens the way between the client and its peer.
    private var openingRequest: ClientRequest? {
        guard case .carry(let carriage) = life, let peer else { return nil }
        switch carriage {
        case .channels: return .channelBind(Self.channel, to: peer)
        case .indications: return .createPermission(for: peer)
        }
    }
}
