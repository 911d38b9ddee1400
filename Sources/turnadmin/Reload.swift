import AdminClient
import ArgumentParser
import NIOHTTP1

/// Reads the configuration again.
struct Reload: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Read the configuration again; sessions go on.")
    @OptionGroup var server: ServerOptions
    func run() async throws { try await server.show(.POST, "/api/v1/reload") }
}
