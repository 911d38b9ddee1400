import AdminClient
import ArgumentParser
import NIOHTTP1

/// Shared secrets of the running server.
struct Secrets: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shared secrets of the TURN REST API.", subcommands: [List.self, Add.self, Rotate.self, Delete.self],
        defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List secrets, without their values.")
        @OptionGroup var realm: RealmChoice
        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await server.show(.GET, "/api/v1/secrets", query: realm.query) {
                let columns = [("SECRET", "id"), ("REALM", "realm"), ("KEPT IN", "source"), ("UNTIL", "expiresAt")]
                return Table($0["secrets"]?.elements ?? [], columns.map { (title: $0.0, path: $0.1) })
                    .lines(width: Terminal.size?.columns)
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Add a secret, a random one unless told otherwise.")
        @Flag(help: "Take the value from the first line of standard input.") var fromInput = false
        @OptionGroup var realm: RealmChoice
        @OptionGroup var server: ServerOptions

        func run() async throws {
            var body: [String: JSONValue] = [:]
            if fromInput { body["value"] = .text(try SecretInput.read(nil, "a secret")) }
            if let realm = realm.name { body["realm"] = .text(realm) }
            try await server.show(.POST, "/api/v1/secrets", body: .object(body))
        }
    }

    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a random secret, and let one go after an overlap.")
        @Argument(help: "The secret to let go.") var id: String
        @Option(help: "Seconds for which both are good.") var overlap = 86_400
        @OptionGroup var realm: RealmChoice
        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await server.show(
                .POST, "/api/v1/secrets/\(PercentEncoding.encode(id))/rotate", query: realm.query,
                body: .object(["overlapSeconds": .integer(Int64(overlap))]))
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Delete a secret.")
        @Argument(help: "The secret.") var id: String
        @OptionGroup var realm: RealmChoice
        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await server.show(.DELETE, "/api/v1/secrets/\(PercentEncoding.encode(id))", query: realm.query)
        }
    }
}
