import Addressing
import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore

/// A request that has come through the gate, with everything checked that its route says.
struct AdminRequest: Sendable {
    /// The longest body.
    static let longestBody = 65_536

    /// What the routes work on.
    let administration: Administration
    /// What the admin interface counts of itself.
    let metrics: MetricsRegistry
    private let parameters: [String: String]
    private let query: [String: String]
    private let body: Data

    /// Reads path, query and body as the route wants them.
    init(
        _ request: Request, _ route: Route, _ administration: Administration, _ metrics: MetricsRegistry
    ) async throws {
        self.administration = administration
        self.metrics = metrics
        parameters = try Self.parameters(of: request.uri.path, in: route.path)
        query = try Self.query(request.uri.query ?? "", allowed: route.query)
        body = try await Self.body(of: request, isWanted: route.takesBody)
    }

    // MARK: - Reading

    private static func parameters(of path: String, in template: String) throws(Problem) -> [String: String] {
        var parameters: [String: String] = [:]
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        for (part, name) in zip(parts, template.split(separator: "/", omittingEmptySubsequences: false))
        where name.hasPrefix("{") {
            guard let value = PercentEncoding.decode(part) else { throw .malformed("the path is not UTF-8") }
            parameters[String(name.dropFirst().dropLast())] = value
        }
        return parameters
    }

    private static func query(_ text: String, allowed: Set<String>) throws(Problem) -> [String: String] {
        var query: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.decode(parts[0], plusIsSpace: true),
                let value = PercentEncoding.decode(parts.count > 1 ? parts[1] : "", plusIsSpace: true)
            else { throw .malformed("the query is not UTF-8") }
            guard allowed.contains(name) else { throw .malformed("unknown parameter \(name)") }
            guard query.updateValue(value, forKey: name) == nil else { throw .malformed("\(name) stands twice") }
        }
        return query
    }

    private static func body(of request: Request, isWanted: Bool) async throws -> Data {
        guard isWanted else { return Data() }
        let type = request.headers[.contentType]?.split(separator: ";").first.map { $0.lowercased() }
        guard type == "application/json" else {
            throw Problem(.unsupportedMediaType, "expected a body of application/json")
        }
        do {
            let buffer = try await request.body.collect(upTo: longestBody)
            return Data(buffer.readableBytesView)
        } catch is NIOTooManyBytesError {
            throw Problem(.contentTooLarge, "the body is longer than \(longestBody) bytes")
        }
    }

    // MARK: - Answers

    /// The body.
    func body<Body: StrictBody>(_ type: Body.Type) throws(Problem) -> Body { try Body.read(body) }

    /// A part of the path.
    func parameter(_ name: String) -> String { parameters[name] ?? "" }

    /// A parameter of the query; nil where it is not given.
    func text(_ name: String) -> String? { query[name] }

    /// A user name or a realm in the query.
    func name(_ parameter: String, longest: Int = 508) throws(Problem) -> [UInt8]? {
        guard let text = query[parameter] else { return nil }
        return try Names.check(text, parameter, longest: longest)
    }

    /// A number in the query.
    func number(_ name: String, _ limits: ClosedRange<Int>) throws(Problem) -> Int? {
        guard let text = query[name] else { return nil }
        guard let value = Int(text), limits.contains(value), text.utf8.first != UInt8(ascii: "+") else {
            throw .malformed("\(name): expected a number from \(limits.lowerBound) to \(limits.upperBound)")
        }
        return value
    }

    /// An IP address in the query.
    func address(_ name: String) throws(Problem) -> IPAddress? {
        guard let text = query[name] else { return nil }
        guard let address = IPAddress(text) else { throw .malformed("\(name): expected an IP address") }
        return address
    }
}
