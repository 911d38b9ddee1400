import Addressing
import Configuration
import Hummingbird
import Relay
import TURN

extension Route {
    /// Which peers may be reached, and why.
    static let policy = [
        Route(.get, "/api/v1/policy") { request in
            .json(
                PolicyBody(rules: request.administration.control.settings.peerPolicy.rules.map { PolicyBody.Rule($0) }))
        },
        Route(.get, "/api/v1/policy/check", query: ["peer", "port", "user", "realm"]) { request in
            guard let peer = try request.address("peer") else { throw Problem.malformed("peer is missing") }
            let port = try request.number("port", 0...65535).map { UInt16(truncatingIfNeeded: $0) }
            // Realms have rules of their own, single users do not; what cannot be a name is a mistake all the same.
            _ = try request.name("user")
            let realm = try request.name("realm", longest: 127) ?? request.administration.configuration.realm
            let policy = request.administration.control.settings.peerPolicy(of: realm)
            return .json(VerdictBody(peer, port, policy))
        },
    ]
}

struct PolicyBody: Encodable {
    struct Rule: Encodable {
        let action: String
        let range: String
        let origin: String

        init(_ rule: TURN.PeerRule) {
            action = rule.action == .allow ? "allow" : "deny"
            range = rule.range.description
            origin = rule.origin
        }
    }

    let rules: [Rule]
}

struct VerdictBody: Encodable {
    let peer: String
    let port: UInt16?
    let verdict: String
    let rule: PolicyBody.Rule?

    init(_ peer: IPAddress, _ port: UInt16?, _ policy: PeerPolicy) {
        self.peer = peer.description
        self.port = port
        verdict =
            switch policy.verdict(on: peer, port: port) {
            case .allowed: "allowed"
            case .allowedOnRelayPorts: "allowedOnRelayPorts"
            case .denied: "denied"
            }
        rule = policy.decidingRule(on: peer, port: port).map { PolicyBody.Rule($0) }
    }
}
