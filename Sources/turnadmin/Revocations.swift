import AdminClient
import ArgumentParser
import NIOHTTP1

/// User names that are refused.
struct Revocations: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "User names that are refused.", subcommands: [List.self, Add.self, Delete.self],
        defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the user names that are refused.")
        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await server.show(.GET, "/api/v1/revocations") {
                Table($0["revocations"]?.elements ?? [], [("USER", "user"), ("UNTIL", "untilAt")])
                    .lines(width: Terminal.size?.columns)
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Refuse a user name, and end its sessions.")
        @Argument(help: "The user name, as clients send it.") var user: String
        @Option(help: "Seconds since 1970 until which it is refused; for ever without it.") var until: Int64?
        @OptionGroup var server: ServerOptions

        func run() async throws {
            var body: [String: JSONValue] = ["user": .text(user)]
            if let until { body["untilAt"] = .integer(until) }
            try await server.show(.POST, "/api/v1/revocations", body: .object(body))
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take a user name again.")
        @Argument(help: "The user name.") var user: String
        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await server.show(.DELETE, "/api/v1/revocations/\(PercentEncoding.encode(user))")
        }
    }
}
