import Addressing
import Relay
import TURN

/// A session in a list.
struct SessionBody: Encodable {
    let id: String
    let user: String
    let realm: String
    let client: String
    let server: String
    let transport: String
    let relayed: [String]
    let traffic: TrafficBody
    let permissionCount: Int
    let channelCount: Int
    let ageSeconds: UInt32
    let expiresInSeconds: UInt32

    init(_ id: SessionID, _ session: SessionSummary) {
        self.id = id.description
        user = Names.text(session.username)
        realm = Names.text(session.realm)
        client = session.fiveTuple.client.description
        server = session.fiveTuple.server.description
        transport = session.fiveTuple.transport.description
        relayed = session.relayed.map(\.description)
        traffic = TrafficBody(session.traffic)
        permissionCount = session.permissionCount
        channelCount = session.channelCount
        ageSeconds = session.ageSeconds
        expiresInSeconds = session.secondsLeft
    }
}

/// What was carried.
struct TrafficBody: Encodable {
    let sentPackets: UInt64
    let sentBytes: UInt64
    let receivedPackets: UInt64
    let receivedBytes: UInt64

    init(_ traffic: Traffic) {
        sentPackets = traffic.sentPackets
        sentBytes = traffic.sentBytes
        receivedPackets = traffic.receivedPackets
        receivedBytes = traffic.receivedBytes
    }
}

/// A page of sessions.
struct SessionPageBody: Encodable {
    let sessions: [SessionBody]
    let total: Int
    let next: String?
}

/// How many sessions were ended.
struct EndedBody: Encodable {
    let ended: Int
}
