import AdminClient
import ArgumentParser
import NIOHTTP1

/// A secret text, from the command line, where other users of the machine can read it, or from standard input.
enum SecretInput {
    /// The text, or the first line of standard input.
    static func read(_ text: String?, _ what: String) throws -> String {
        if let text { return text }
        guard let line = readLine(), !line.isEmpty else { throw ValidationError("expected \(what) on standard input") }
        return line
    }
}

/// Users of the running server.
struct Users: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Users of the running server.", subcommands: [List.self, Add.self, Password.self, Delete.self],
        defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List users, without passwords.")
        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await server.show(.GET, "/api/v1/users") {
                Table($0["users"]?.elements ?? [], [("USER", "name"), ("REALM", "realm"), ("KEPT IN", "source")])
                    .lines(width: Terminal.size?.columns)
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Add a user.")
        @Argument(help: "The name.") var name: String
        @Option(help: "The password; without it, the first line of standard input.") var password: String?
        @Option(help: "The realm; the server's own without it.") var realm: String?
        @OptionGroup var server: ServerOptions

        func run() async throws {
            var body: [String: JSONValue] = [
                "name": .text(name), "password": .text(try SecretInput.read(password, "a password")),
            ]
            if let realm { body["realm"] = .text(realm) }
            try await server.show(.POST, "/api/v1/users", body: .object(body))
        }
    }

    struct Password: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Change a user's password.")
        @Argument(help: "The name.") var name: String
        @Option(help: "The password; without it, the first line of standard input.") var password: String?
        @Option(help: "The realm; the server's own without it.") var realm: String?
        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await server.show(
                .PUT, "/api/v1/users/\(PercentEncoding.encode(name))", query: realm.map { [("realm", $0)] } ?? [],
                body: .object(["password": .text(try SecretInput.read(password, "a password"))]))
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Delete a user, and end the user's sessions.")
        @Argument(help: "The name.") var name: String
        @Option(help: "The realm; the server's own without it.") var realm: String?
        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await server.show(
                .DELETE, "/api/v1/users/\(PercentEncoding.encode(name))", query: realm.map { [("realm", $0)] } ?? [])
        }
    }
}

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
