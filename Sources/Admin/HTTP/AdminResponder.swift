import CoreMetrics
import HTTPTypes
import Hummingbird
import Logging

/// Answers every request of a listener: gate, route, and a problem where something is wrong.
struct AdminResponder: HTTPResponder {
    typealias Context = BasicRequestContext

    let administration: Administration
    let gate: Gate
    let routes: [Route]
    let metrics: MetricsRegistry

    func respond(to request: Request, context: Context) async throws -> Response {
        var response: Response
        do {
            let route = try find(request)
            try gate.check(request, for: route.access)
            response = try await withDeadline {
                try await route.handle(AdminRequest(request, route, administration, metrics))
            }
        } catch let problem as Problem {
            response = problem.response
        } catch is CancellationError {
            response = Problem(.requestTimeout, "the request took too long").response
        }
        Counter(
            label: "culvert_admin_requests_total", dimensions: [("status", String(response.status.code))],
            factory: metrics
        ).increment()
        response.headers[.cacheControl] = "no-store"
        response.headers[.xContentTypeOptions] = "nosniff"
        return response
    }

    private func find(_ request: Request) throws(Problem) -> Route {
        let matching = routes.filter { $0.matches(request.uri.path) }
        if let route = matching.first(where: { $0.method == request.method }) { return route }
        // Whoever may not come in learns no more than that.
        try gate.check(request, for: matching.first?.access ?? .token)
        guard !matching.isEmpty else { throw .missing("there is nothing at \(request.uri.path)") }
        var problem = Problem(.methodNotAllowed, "\(request.method.rawValue) is not possible here")
        problem.headers[.allow] = Set(matching.map(\.method.rawValue)).sorted().joined(separator: ", ")
        throw problem
    }

    /// How long a request may take until its response begins.
    private static let deadline = Duration.seconds(10)

    private func withDeadline(_ body: @escaping @Sendable () async throws -> Response) async throws -> Response {
        try await withThrowingTaskGroup(of: Response.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: Self.deadline)
                throw CancellationError()
            }
            defer { group.cancelAll() }
            guard let response = try await group.next() else { throw CancellationError() }
            return response
        }
    }
}
