import AdminClient
import ArgumentParser
import NIOHTTP1

/// Makes a credential.
struct Credential: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Make a time-limited credential, as iceServers.")
    @Option(help: "A name to go into the user name.") var user: String?
    @Option(help: "How many seconds it is good for.") var ttl: Int64 = 86_400
    @OptionGroup var server: ServerOptions

    func run() async throws {
        var body: [String: JSONValue] = ["ttlSeconds": .integer(ttl)]
        if let user { body["user"] = .text(user) }
        try await server.show(.POST, "/ice-servers", body: .object(body))
    }
}
