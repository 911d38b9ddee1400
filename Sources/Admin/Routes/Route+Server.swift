import HTTPTypes
import Hummingbird
import Logging
import Relay
import Timing
import Transport

extension Route {
    /// The server as a whole.
    static let server = [
        Route(.get, "/api/v1/server") { request in .json(ServerBody(request.administration)) },
        Route(.get, "/api/v1/drain") { request in .json(DrainBody(request.administration.control)) },
        Route(.post, "/api/v1/drain", takesBody: true) { request in
            let body = try request.body(NewDrainBody.self)
            let control = request.administration.control
            control.drain(now: SystemClock.moment(), deadlineSeconds: body.deadlineSeconds)
            return .json(DrainBody(control), status: .accepted)
        },
        Route(.delete, "/api/v1/drain") { request in
            let control = request.administration.control
            control.stopDraining()
            return .json(DrainBody(control))
        },
        Route(.post, "/api/v1/reload") { request in
            let outcome = await request.administration.reload()
            return .json(ReloadBody(outcome), status: outcome.isApplied ? .ok : .conflict)
        },
        Route(.get, "/api/v1/log-level") { request in
            .json(LogLevelBody(level: request.administration.logLevel.read().rawValue))
        },
        Route(.put, "/api/v1/log-level", takesBody: true) { request in
            let body = try request.body(LogLevelBody.self)
            if let level = Logger.Level(rawValue: body.level) { request.administration.logLevel.write(level) }
            return .json(body)
        },
    ]
}

struct NewDrainBody: StrictBody {
    static let members: Set = ["deadlineSeconds"]
    let deadlineSeconds: UInt32?

    func check() throws(Problem) {
        guard (1...2_592_000).contains(deadlineSeconds ?? 1) else {
            throw .malformed("deadlineSeconds: expected 1 to 2592000")
        }
    }
}

struct DrainBody: Encodable {
    let draining: Bool
    let sessions: Int
    let sessionsAtStart: Int?
    let startedAt: Int64?
    let deadlineAt: Int64?

    init(_ control: RelayControl) {
        let drain = control.drain
        draining = drain != nil
        sessions = control.sessionCount
        sessionsAtStart = drain?.sessionsAtStart
        startedAt = drain?.startedAt
        deadlineAt = drain?.deadline?.unixSeconds
    }
}

struct ReloadBody: Encodable {
    let applied: Bool
    let changed: [String]
    let needsRestart: [String]
    let problems: [String]

    init(_ outcome: ReloadOutcome) {
        applied = outcome.isApplied
        changed = outcome.changed
        needsRestart = outcome.needsRestart
        problems = outcome.problems
    }
}

struct LogLevelBody: StrictBody, Encodable {
    static let members: Set = ["level"]
    let level: String

    func check() throws(Problem) {
        guard Logger.Level(rawValue: level) != nil else {
            throw .malformed("level: expected trace, debug, info, notice, warning, error or critical")
        }
    }
}
