import Addressing
import Relay
import STUN
import TURN

/// Something that happened, as listeners get it.
struct EventBody: Encodable {
    /// The types of events that are told.
    enum Kind: String, CaseIterable {
        case created = "session.created"
        case refreshed = "session.refreshed"
        case moved = "session.moved"
        case ended = "session.ended"
        case authenticationFailed = "authentication.failed"
        case statistics
    }

    let at: Double
    let client: String
    let transport: String
    let user: String
    var session: String?
    var formerSession: String?
    var formerClient: String?
    var relayed: [String]?
    var lifetimeSeconds: UInt32?
    var ageSeconds: UInt32?
    var traffic: TrafficBody?
    var reason: String?
    var method: String?

    private init(_ fiveTuple: FiveTuple, _ username: [UInt8]) {
        at = WallClock.now()
        client = fiveTuple.client.description
        transport = fiveTuple.transport.description
        user = Names.text(username)
    }

    /// The event's type and what is told of it; nil for what stands in the log only.
    static func of(_ event: Event, worker: Int) -> (kind: Kind, body: EventBody)? {
        switch event {
        case .allocationCreated(let id, let fiveTuple, let username, let relayed, let lifetime):
            var body = EventBody(fiveTuple, username)
            body.session = SessionID(worker: worker, id).description
            body.relayed = relayed.map(\.description)
            body.lifetimeSeconds = lifetime
            return (.created, body)
        case .allocationRefreshed(let id, let fiveTuple, let username, let lifetime):
            var body = EventBody(fiveTuple, username)
            body.session = SessionID(worker: worker, id).description
            body.lifetimeSeconds = lifetime
            return (.refreshed, body)
        case .allocationMoved(let id, let fiveTuple, let username, let origin):
            var body = EventBody(fiveTuple, username)
            body.session = SessionID(worker: worker, id).description
            body.formerSession = SessionID(worker: origin.worker, origin.id).description
            body.formerClient = origin.fiveTuple.client.description
            return (.moved, body)
        case .allocationEnded(let id, let fiveTuple, let username, let traffic, let age, let ending):
            var body = EventBody(fiveTuple, username)
            body.session = SessionID(worker: worker, id).description
            body.traffic = TrafficBody(traffic)
            body.ageSeconds = age
            body.reason = ending.rawValue
            return (.ended, body)
        case .authenticationFailed(let fiveTuple, let username, let method, let failure):
            var body = EventBody(fiveTuple, username)
            body.method = MethodName.of(method)
            body.reason = failure.rawValue
            return (.authenticationFailed, body)
        case .connectionEnded, .peerDenied, .requestRefused:
            return nil
        }
    }
}
