import AdminClient
import ArgumentParser
import NIOHTTP1

/// Asks about peers.
struct Policy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Which peers may be reached.", subcommands: [List.self, Question.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "All rules, the ones that win first.")
        @OptionGroup var server: ServerOptions
        func run() async throws {
            try await server.show(.GET, "/api/v1/policy") {
                Table($0["rules"]?.elements ?? [], [("RULE", "action"), ("PEERS", "range"), ("ORIGIN", "origin")])
                    .lines(width: Terminal.size?.columns)
            }
        }
    }

    struct Question: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check", abstract: "Whether a peer may be reached, and by which rule.")
        @Argument(help: "The address of the peer.") var peer: String
        @Option(help: "Its port.") var port: Int?
        @Option(help: "The user who asks.") var user: String?
        @Option(help: "The realm of the user.") var realm: String?
        @OptionGroup var server: ServerOptions
        func run() async throws {
            let query = [("peer", peer), ("port", port.map { "\($0)" }), ("user", user), ("realm", realm)]
            try await server.show(
                .GET, "/api/v1/policy/check", query: query.compactMap { name, value in value.map { (name, $0) } })
        }
    }
}
