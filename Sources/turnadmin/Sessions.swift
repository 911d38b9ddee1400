import AdminClient
import ArgumentParser
import NIOHTTP1

/// Lists sessions, or shows one.
struct Sessions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List sessions, or show one with all it holds.")

    @Argument(help: "The session to show.") var id: String?
    @OptionGroup var filter: SessionFilter
    @Option(help: "How many at most; 0 for all.") var limit = 100
    @OptionGroup var server: ServerOptions

    func run() async throws {
        if let id { return try await server.show(.GET, "/api/v1/sessions/\(PercentEncoding.encode(id))") }
        let list = try await SessionList(connection: server.connection(), query: filter.query).sessions(limit: limit)
        if server.json {
            print(try Output.json(.object(["sessions": .list(list)])))
        } else {
            let table = Table(list, SessionList.columns)
            for line in table.lines(width: Terminal.size?.columns) { print(line) }
        }
    }
}
