import Accounts
import HTTPTypes
import Hummingbird
import Relay
import TURN
import Timing
import Transport

extension Route {
    /// User names that are refused.
    static let revocations = [
        Route(.get, "/api/v1/revocations") { request in
            let entries = request.administration.server.revocations
                .list(unixSeconds: SystemClock.moment().unixSeconds)
            return .json(
                RevocationsBody(
                    revocations: entries.map { RevocationBody(user: Names.text($0.username), untilAt: $0.until) }))
        },
        Route(.post, "/api/v1/revocations", takesBody: true) { request in
            let body = try request.body(NewRevocationBody.self)
            let control = request.administration.control
            let name = Array(body.user.utf8)
            let now = SystemClock.moment().unixSeconds
            // A credential that expires by itself need not be remembered longer.
            let until = control.settings.expiry(of: name) ?? body.untilAt
            let entry = Revocations.Entry(username: name, until: until)
            guard let ended = await control.revoke(entry, unixSeconds: now) else {
                throw Problem.conflict("there are \(Revocations.capacity) revocations already")
            }
            return .json(RevocationBody(user: body.user, untilAt: until, ended: ended), status: .created)
        },
        Route(.delete, "/api/v1/revocations/{user}") { request in
            let name = try Names.check(request.parameter("user"), "user")
            guard request.administration.server.revocations.remove(name) else {
                throw Problem.missing("this user name is not revoked")
            }
            return Response(status: .noContent)
        },
    ]
}

extension EngineSettings {
    /// The last second at which a user name of the TURN REST API opens a session; nil for other names.
    fileprivate func expiry(of username: [UInt8]) -> Int64? {
        guard case .longTerm(let accounts) = authentication else { return nil }
        return accounts.expiry(of: username)
    }
}
