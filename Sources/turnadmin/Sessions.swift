import AdminClient
import ArgumentParser
import NIOHTTP1

/// Which sessions are meant.
struct SessionFilter: ParsableArguments {
    @Option(help: "Of this user.") var user: String?
    @Option(help: "Of this realm.") var realm: String?
    @Option(help: ArgumentHelp("Of clients at this address.", valueName: "address")) var client: String?
    @Option(help: ArgumentHelp("That may reach this peer.", valueName: "address")) var peer: String?
    @Option(help: "Over udp, tcp, tls or dtls.") var transport: String?

    /// As the interface takes it.
    var query: [(String, String)] {
        [("user", user), ("realm", realm), ("client", client), ("peer", peer), ("transport", transport)]
            .compactMap { name, value in value.map { (name, $0) } }
    }
}

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
