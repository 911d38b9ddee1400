import AdminClient
import ArgumentParser
import NIOHTTP1

/// Shows the metrics.
struct Metrics: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "All metrics in Prometheus' text format.")
    @OptionGroup var server: ServerOptions
    func run() async throws {
        print(String(decoding: try await server.connection().bytes(.GET, "/metrics"), as: UTF8.self), terminator: "")
    }
}
