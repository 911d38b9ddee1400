import CoreMetrics
import HTTPTypes
import Hummingbird
import Relay

extension Route {
    /// Health, figures and events.
    static let observation = [
        Route(.get, "/health", access: .open) { _ in .json(["status": "ok"]) },
        Route(.get, "/ready", access: .open) { request in
            let state = request.administration.control.state
            let body = ReadinessBody(ready: state == "running", state: state)
            return .json(body, status: body.ready ? .ok : .serviceUnavailable)
        },
        Route(.get, "/metrics") { request in
            await MetricsPage(request.administration, withCoturnNames: false).response(request.metrics)
        },
        Route(.get, "/api/v1/statistics") { request in
            .json(StatisticsBody(request.administration, await request.administration.control.reports()))
        },
        Route(.get, "/api/v1/events", query: ["types"]) { request in
            EventStream(request.administration, kinds: try request.eventKinds()).response
        },
    ]

    /// The metrics on an address of their own, as coturn has them.
    static func prometheus(path: String) -> [Route] {
        [
            Route(.get, "/", access: .open) { _ in .text("ok") },
            Route(.get, path, access: .open) { request in
                await MetricsPage(request.administration, withCoturnNames: true).response(request.metrics)
            },
        ]
    }
}

struct ReadinessBody: Encodable {
    let ready: Bool
    let state: String
}

/// All metrics as Prometheus reads them.
struct MetricsPage {
    private let administration: Administration
    private let withCoturnNames: Bool

    init(_ administration: Administration, withCoturnNames: Bool) {
        self.administration = administration
        self.withCoturnNames = withCoturnNames
    }

    func response(_ registry: MetricsRegistry) async -> Response {
        let totals = RelayTotals(await administration.control.reports())
        var families = MetricFamily.relay(totals, administration) + registry.families
        if withCoturnNames { families += MetricFamily.coturn(totals) }
        return .text(families.map(\.text).joined(), type: "text/plain; version=0.0.4; charset=utf-8")
    }
}

extension AdminRequest {
    fileprivate func eventKinds() throws(Problem) -> Set<EventBody.Kind> {
        guard let text = text("types"), !text.isEmpty else { return Set(EventBody.Kind.allCases) }
        var kinds: Set<EventBody.Kind> = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let kind = EventBody.Kind(rawValue: String(word)) else {
                throw .malformed("types: there is no event \(word)")
            }
            kinds.insert(kind)
        }
        return kinds
    }
}
