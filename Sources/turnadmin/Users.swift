import AdminClient
import ArgumentParser
import NIOHTTP1

/// Users of the running server.
struct Users: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Users of the running server.", subcommands: [List.self, Add.self, Password.self, Delete.self],
        defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List users, without passwords.")
        @OptionGroup var realm: RealmChoice
        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await server.show(.GET, "/api/v1/users", query: realm.query) {
                Table($0["users"]?.elements ?? [], [("USER", "name"), ("REALM", "realm"), ("KEPT IN", "source")])
                    .lines(width: Terminal.size?.columns)
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Add a user.")
        @Argument(help: "The name.") var name: String
        @Option(help: "The password; without it, the first line of standard input.") var password: String?
        @OptionGroup var realm: RealmChoice
        @OptionGroup var server: ServerOptions

        func run() async throws {
            var body: [String: JSONValue] = [
                "name": .text(name), "password": .text(try SecretInput.read(password, "a password")),
            ]
            if let realm = realm.name { body["realm"] = .text(realm) }
            try await server.show(.POST, "/api/v1/users", body: .object(body))
        }
    }

    struct Password: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Change a user's password.")
        @Argument(help: "The name.") var name: String
        @Option(help: "The password; without it, the first line of standard input.") var password: String?
        @OptionGroup var realm: RealmChoice
        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await server.show(
                .PUT, "/api/v1/users/\(PercentEncoding.encode(name))", query: realm.query,
                body: .object(["password": .text(try SecretInput.read(password, "a password"))]))
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Delete a user, and end the user's sessions.")
        @Argument(help: "The name.") var name: String
        @OptionGroup var realm: RealmChoice
        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await server.show(
                .DELETE, "/api/v1/users/\(PercentEncoding.encode(name))", query: realm.query)
        }
    }
}
