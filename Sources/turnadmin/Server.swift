import AdminClient
import ArgumentParser
import NIOHTTP1

/// Shows the server as a whole.
struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "What runs, where it listens, and since when.")
    @OptionGroup var server: ServerOptions
    func run() async throws { try await server.show(.GET, "/api/v1/server") }
}

/// Tells whether new clients are welcome.
struct Health: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Whether new clients are welcome; status 4 if not.")
    @OptionGroup var server: ServerOptions
    func run() async throws { try await server.show(.GET, "/ready") }
}

/// Shows the metrics.
struct Metrics: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "All metrics in Prometheus' text format.")
    @OptionGroup var server: ServerOptions
    func run() async throws {
        print(String(decoding: try await server.connection().bytes(.GET, "/metrics"), as: UTF8.self), terminator: "")
    }
}

/// Reads the configuration again.
struct Reload: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Read the configuration again; sessions go on.")
    @OptionGroup var server: ServerOptions
    func run() async throws { try await server.show(.POST, "/api/v1/reload") }
}

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

/// Asks about peers.
struct Policy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Which peers may be reached.", subcommands: [List.self, Question.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "All rules, the ones that win first.")
        @OptionGroup var server: ServerOptions
        func run() async throws {
            try await server.show(.GET, "/api/v1/policy") {
                Table($0["rules"]?.elements ?? [], [("RULE", "action"), ("PEERS", "range"), ("ORIGIN", "origin")])
                    .lines(width: Terminal.size?.columns)
            }
        }
    }

    struct Question: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check", abstract: "Whether a peer may be reached, and by which rule.")
        @Argument(help: "The address of the peer.") var peer: String
        @Option(help: "Its port.") var port: Int?
        @Option(help: "The user who asks.") var user: String?
        @Option(help: "The realm of the user.") var realm: String?
        @OptionGroup var server: ServerOptions
        func run() async throws {
            let query = [("peer", peer), ("port", port.map { "\($0)" }), ("user", user), ("realm", realm)]
            try await server.show(
                .GET, "/api/v1/policy/check", query: query.compactMap { name, value in value.map { (name, $0) } })
        }
    }
}
