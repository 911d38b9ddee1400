import AdminClient
import ArgumentParser
import NIOHTTP1

/// Sets the level of the log.
struct LogLevel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show or set the lowest level that is logged.")
    @Argument(help: "trace, debug, info, notice, warning, error or critical.") var level: String?
    @OptionGroup var server: ServerOptions

    func run() async throws {
        guard let level else { return try await server.show(.GET, "/api/v1/log-level") }
        try await server.show(.PUT, "/api/v1/log-level", body: .object(["level": .text(level)]))
    }
}
