import AdminClient
import ArgumentParser
import NIOHTTP1

/// Tells whether new clients are welcome.
struct Health: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Whether new clients are welcome; status 4 if not.")
    @OptionGroup var server: ServerOptions
    func run() async throws { try await server.show(.GET, "/ready") }
}
