import AdminClient
import ArgumentParser
import NIOHTTP1

/// Drains the server.
struct Drain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take no new sessions, and end with the last one.",
        subcommands: [Begin.self, Stop.self, Progress.self])

    struct Begin: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "start", abstract: "Begin.")
        @Option(help: "Seconds after which whatever is left is ended.") var deadline: Int64?
        @OptionGroup var server: ServerOptions
        func run() async throws {
            let body = deadline.map { ["deadlineSeconds": JSONValue.integer($0)] } ?? [:]
            try await server.show(.POST, "/api/v1/drain", body: .object(body))
        }
    }

    struct Stop: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take new sessions again.")
        @OptionGroup var server: ServerOptions
        func run() async throws { try await server.show(.DELETE, "/api/v1/drain") }
    }

    struct Progress: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show how far it is.")
        @OptionGroup var server: ServerOptions
        func run() async throws { try await server.show(.GET, "/api/v1/drain") }
    }
}
