import AdminClient
import ArgumentParser
import FoundationEssentials

/// Shows what happens.
struct Watch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show what happens, as it happens.")
    @Option(
        help: """
            Types to show: session.created, session.refreshed, session.moved, session.ended, authentication.failed, statistics.
            """)
    var type = ["session.created", "session.ended", "authentication.failed"]
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let asJSON = server.json
        try await server.connection().events(type) { event in
            if asJSON {
                Terminal.write("{\"type\":\"\(event.name)\",\"data\":\(event.data)}\n")
            } else if let data = try? JSONDecoder().decode(JSONValue.self, from: Data(event.data.utf8)) {
                Terminal.write("\(event.name) \(data.shown)\n")
            } else {
                throw AdminFailure.unreadable("an event is no JSON")
            }
            return true
        }
    }
}
