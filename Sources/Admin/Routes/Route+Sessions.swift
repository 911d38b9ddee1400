import Configuration
import Hummingbird
import Relay
import TURN

extension Route {
    private static let filters: Set = ["user", "realm", "client", "peer", "transport"]

    /// Sessions: seen and ended.
    static let sessions = [
        Route(.get, "/api/v1/sessions", query: filters.union(["limit", "after"])) { request in
            let filter = try request.sessionFilter()
            let limit = try request.number("limit", 1...10_000) ?? 100
            let last = try request.text("after").map { text throws(Problem) in try SessionID(checking: text) }
            let control = request.administration.control
            let page = await control.sessions(matching: filter, after: last, limit: limit)
            return .json(
                SessionPageBody(
                    sessions: page.sessions.map { SessionBody($0.id, $0.session) }, total: control.sessionCount,
                    next: page.isLast ? nil : page.sessions.last?.id.description))
        },
        Route(.delete, "/api/v1/sessions", query: filters) { request in
            let filter = try request.sessionFilter()
            guard !filter.isEmpty else {
                throw Problem.conflict("without a filter this would end every session; name a user, a client or a peer")
            }
            return .json(EndedBody(ended: await request.administration.control.end(matching: filter)))
        },
        Route(.get, "/api/v1/sessions/{id}") { request in
            let id = try SessionID(checking: request.parameter("id"))
            guard let session = await request.administration.control.session(id) else { throw Problem.noSession(id) }
            return .json(SessionDetailBody(id, session))
        },
        Route(.delete, "/api/v1/sessions/{id}") { request in
            let id = try SessionID(checking: request.parameter("id"))
            guard await request.administration.control.end(id) else { throw Problem.noSession(id) }
            return .json(EndedBody(ended: 1))
        },
    ]
}

extension Problem {
    fileprivate static func noSession(_ id: SessionID) -> Problem { .missing("there is no session \(id)") }
}

extension SessionID {
    fileprivate init(checking text: String) throws(Problem) {
        guard let id = SessionID(text) else {
            throw .missing("there is no session of that id, which has the form 0-17-1")
        }
        self = id
    }
}

extension AdminRequest {
    /// The sessions that the query names.
    fileprivate func sessionFilter() throws(Problem) -> SessionFilter {
        var filter = SessionFilter()
        filter.username = try name("user")
        filter.client = try address("client")
        filter.peer = try address("peer")
        if let text = text("transport") {
            guard let transport = ClientTransport.allCases.first(where: { $0.description == text }) else {
                throw .malformed("transport: expected udp, tcp, tls or dtls")
            }
            filter.transport = transport
        }
        filter.realm = try name("realm", longest: 127)
        return filter
    }
}
