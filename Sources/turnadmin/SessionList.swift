import AdminClient
import NIOHTTP1

/// All sessions of a server, over as many pages as there are.
struct SessionList {
    let connection: AdminConnection
    let query: [(String, String)]

    static let columns = [
        ("SESSION", "id"), ("USER", "user"), ("CLIENT", "client"), ("VIA", "transport"), ("RELAYED", "relayed"),
        ("SENT", "traffic.sentBytes"), ("RECEIVED", "traffic.receivedBytes"), ("AGE", "ageSeconds"),
    ].map { (title: $0.0, path: $0.1) }

    private static let pageSize = 1000

    /// So many of them at most; 0 for all.
    func sessions(limit: Int = 0) async throws -> [JSONValue] {
        var found: [JSONValue] = []
        var next: String?
        repeat {
            let size = limit > 0 ? min(limit - found.count, Self.pageSize) : Self.pageSize
            let page = try await connection.value(
                .GET, "/api/v1/sessions", query: query + [("limit", "\(size)")] + (next.map { [("after", $0)] } ?? []))
            found += page["sessions"]?.elements ?? []
            next = page["next"]?.shown
        } while next != nil && (limit == 0 || found.count < limit)
        return found
    }
}
