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
        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await server.show(.GET, "/api/v1/secrets") {
                let columns = [("SECRET", "id"), ("REALM", "realm"), ("KEPT IN", "source"), ("UNTIL", "expiresAt")]
                return Table($0["secrets"]?.elements ?? [], columns.map { (title: $0.0, path: $0.1) })
                    .lines(width: Terminal.size?.columns)
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Add a secret, a random one unless told otherwise.")
        @Flag(help: "Take the value from the first line of standard input.") var fromInput = false
        @Option(help: "The realm; the server's own without it.") var realm: String?
        @OptionGroup var server: ServerOptions

        func run() async throws {
            var body: [String: JSONValue] = [:]
            if fromInput { body["value"] = .text(try SecretInput.read(nil, "a secret")) }
            if let realm { body["realm"] = .text(realm) }
            try await server.show(.POST, "/api/v1/secrets", body: .object(body))
        }
    }

    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a random secret, and let one go after an overlap.")
        @Argument(help: "The secret to let go.") var id: String
        @Option(help: "Seconds for which both are good.") var overlap = 86_400
        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await server.show(
                .POST, "/api/v1/secrets/\(PercentEncoding.encode(id))/rotate",
                body: .object(["overlapSeconds": .integer(Int64(overlap))]))
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Delete a secret.")
        @Argument(help: "The secret.") var id: String
        @OptionGroup var server: ServerOptions

        func run() async throws { try await server.show(.DELETE, "/api/v1/secrets/\(PercentEncoding.encode(id))") }
    }
}
