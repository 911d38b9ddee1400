import AdminClient
import ArgumentParser
import Configuration
import Glibc
import NIOHTTP1

/// Which server is asked, and how its answers are shown.
struct ServerOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The Unix socket of the admin interface.", valueName: "path"))
    var socket: String?

    @Option(help: ArgumentHelp("The admin interface over HTTP: http://HOST:PORT.", valueName: "url"))
    var url: String?

    @Option(help: ArgumentHelp("The file with the token for --url; else CULVERT_ADMIN_TOKEN.", valueName: "path"))
    var tokenFile: String?

    @Flag(help: "Show answers as JSON.")
    var json = false

    /// The server.
    func connection() throws -> AdminConnection { AdminConnection(try endpoint()) }

    private func endpoint() throws -> AdminEndpoint {
        if let url {
            guard socket == nil else { throw ValidationError("give --socket or --url, not both") }
            guard let endpoint = AdminEndpoint(url: url, token: try token()) else {
                throw ValidationError("--url wants http://HOST:PORT")
            }
            return endpoint
        }
        if let socket { return .socket(path: socket) }
        let runtime = unsafe getenv("XDG_RUNTIME_DIR").map { unsafe String(cString: $0) }
        guard let path = ServerConfiguration().adminSocketPath(isRoot: geteuid() == 0, runtimeDirectory: runtime) else {
            throw ValidationError("give --socket or --url: without XDG_RUNTIME_DIR there is no usual place")
        }
        return .socket(path: path)
    }

    private func token() throws -> String? {
        if let tokenFile {
            guard let bytes = try? FileReader.read(tokenFile) else {
                throw ValidationError("--token-file: cannot read \(tokenFile)")
            }
            return String(decoding: bytes, as: UTF8.self).split(separator: "\n").first.map(String.init)
        }
        return unsafe getenv("CULVERT_ADMIN_TOKEN").map { unsafe String(cString: $0) }
    }

    /// Asks, and shows the answer: as JSON as it came, or one value to a line.
    func show(
        _ method: HTTPMethod, _ path: String, query: [(String, String)] = [], body: JSONValue? = nil
    ) async throws {
        try await show(method, path, query: query, body: body) { Listing($0).lines }
    }

    /// Asks, and shows the answer: as JSON as it came, or as `lines` has it.
    func show(
        _ method: HTTPMethod, _ path: String, query: [(String, String)] = [], body: JSONValue? = nil,
        _ lines: (JSONValue) -> [String]
    ) async throws {
        let connection = try connection()
        if json {
            let bytes = try await connection.bytes(method, path, query: query, body: body)
            if !bytes.isEmpty { print(String(decoding: bytes, as: UTF8.self)) }
            return
        }
        for line in lines(try await connection.value(method, path, query: query, body: body)) { print(line) }
    }
}
