import AdminClient
import ArgumentParser
import NIOHTTP1

/// Shows the server as a whole.
struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "What runs, where it listens, and since when.")
    @OptionGroup var server: ServerOptions
    func run() async throws { try await server.show(.GET, "/api/v1/server") }
}
