import Addressing
import Relay
import STUN
import TURN

/// One session with all it holds.
struct SessionDetailBody: Encodable {
    struct Encryption: Encodable {
        let version: String
        let cipher: String
    }

    struct Permission: Encodable {
        let peer: String
        let expiresInSeconds: UInt32
        let relayPortsOnly: Bool
    }

    struct Channel: Encodable {
        let number: UInt16
        let peer: String
        let expiresInSeconds: UInt32
        let offloaded: Bool
    }

    private let summary: SessionBody
    private let tls: Encryption?
    private let permissions: [Permission]
    private let channels: [Channel]
    private let maxBytesPerSecond: Int?
    private let drops: [String: UInt32]

    private enum Key: CodingKey {
        case tls, permissions, channels, maxBytesPerSecond, drops
    }

    init(_ id: SessionID, _ session: WorkerSession) {
        let detail = session.detail
        summary = SessionBody(id, detail.summary)
        tls = session.encryption.map { Encryption(version: $0.version, cipher: $0.cipher) }
        permissions = detail.permissions.map {
            Permission(
                peer: $0.peer.description, expiresInSeconds: $0.secondsLeft, relayPortsOnly: $0.isForRelayPortsOnly)
        }
        channels = detail.channels.map {
            Channel(
                number: $0.number.rawValue, peer: $0.peer.description, expiresInSeconds: $0.secondsLeft,
                offloaded: $0.isOffloaded)
        }
        maxBytesPerSecond = detail.bytesPerSecond
        drops = Dictionary(
            uniqueKeysWithValues: DropReason.allCases.filter { detail.drops[$0] > 0 }
                .map { ("\($0)", detail.drops[$0]) })
    }

    func encode(to encoder: any Encoder) throws {
        try summary.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encodeIfPresent(tls, forKey: .tls)
        try container.encode(permissions, forKey: .permissions)
        try container.encode(channels, forKey: .channels)
        try container.encodeIfPresent(maxBytesPerSecond, forKey: .maxBytesPerSecond)
        try container.encode(drops, forKey: .drops)
    }
}
