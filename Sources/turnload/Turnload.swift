import ArgumentParser

/// The command line.
@main
struct Turnload: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "turnload",
        abstract: "Measures how much a STUN or TURN server carries.",
        discussion: """
            Every load is its own client and its own peer; nothing else is needed but the URL of a server and, for TURN, \
            credentials. With --server-pid the server's use of processor and memory is told too.
            """,
        subcommands: [
            Relay.self, Call.self, Binding.self, Allocate.self, Idle.self, Soak.self, Compare.self,
        ])
}
