import AdminClient
import ArgumentParser
import NIOHTTP1

/// Ends sessions.
struct End: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "End a session by its id, or all that match.")

    @Argument(help: "The session to end.") var id: String?
    @OptionGroup var filter: SessionFilter
    @OptionGroup var server: ServerOptions

    func validate() throws {
        guard (id == nil) != filter.query.isEmpty else { throw ValidationError("give an id, or what to match") }
    }

    func run() async throws {
        let path = "/api/v1/sessions" + (id.map { "/\(PercentEncoding.encode($0))" } ?? "")
        try await server.show(.DELETE, path, query: filter.query)
    }
}
