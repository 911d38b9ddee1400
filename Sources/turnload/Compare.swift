import ArgumentParser
import LoadTest

/// `turnload compare`.
struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Give two or more servers the same load in turn, and tell the ratios.",
        discussion: """
            The load is that of `turnload relay`, or of another scenario with its usual settings. All servers and \
            their sessions stay up; they are loaded one after the other, round after round. Of each round the ratio of the first server to each of the \
            others is taken, and the median of the rounds is told with the extremes.

                turnload compare turn:127.0.0.1:3478 turn:127.0.0.1:4478 --name new --name old \\
                    --server-pid 1234 --server-pid 1235 --user u:p --sessions 100
            """)

    /// What the servers are given.
    enum Scenario: String, CaseIterable, ExpressibleByArgument {
        case relay
        case binding
        case allocate
        case idle
    }

    @Argument(help: "The servers, by URL; the first is compared to each of the others.")
    var urls: [String]

    @Option(parsing: .singleValue, help: ArgumentHelp("What to call a server; one for each.", valueName: "name"))
    var name: [String] = []

    @Option(parsing: .singleValue, help: ArgumentHelp("A server's process; one for each.", valueName: "pid"))
    var serverPid: [Int] = []

    @OptionGroup var login: LoginOptions

    @Option(help: "What to give them.")
    var scenario = Scenario.relay

    @Option(help: ArgumentHelp("How many rounds.", valueName: "number"))
    var rounds = 5

    @OptionGroup(title: "Load") var load: RelayOptions
    @OptionGroup(title: "Run") var options: RunOptions

    @Option(help: ArgumentHelp("Write the comparison as JSON; - for the standard output.", valueName: "file"))
    var json: String?

    @Flag(help: "Show no progress.")
    var quiet = false

    func validate() throws {
        guard urls.count >= 2 else { throw ValidationError("compare wants two servers or more") }
        guard name.isEmpty || name.count == urls.count, serverPid.isEmpty || serverPid.count == urls.count else {
            throw ValidationError("--name and --server-pid are wanted once for each server, or not at all")
        }
        guard (1...1000).contains(rounds) else { throw ValidationError("--rounds is to be 1 to 1000") }
    }

    func run() throws {
        let servers = try urls.indices.map { index in
            try login.target(urls[index], processID: serverPid.isEmpty ? nil : serverPid[index])
        }
        let names = name.isEmpty ? urls.indices.map { String(UnicodeScalar(UInt8(65 + $0 % 26))) } : name
        let reports = try LoadRun.compare(plan, among: servers, rounds: rounds, peerAt: try login.peer()) {
            if !quiet { StandardError.write("round \($0 + 1) · \(names[$1]) · \($2.line)") }
        }
        let comparison = Comparison(names, reports)
        if json != "-" { print(comparison.table) }
        if let json { try OutputFile.write(try JSONText.encode(comparison), to: json) }
    }

    private var plan: LoadPlan {
        var plan =
            switch scenario {
            case .relay: load.plan
            case .binding: LoadPlan("binding", .binding)
            case .allocate: LoadPlan("allocate", .allocateAndFree)
            case .idle: LoadPlan("idle", .hold)
            }
        if scenario != .relay { plan.sessions = load.sessions }
        options.apply(to: &plan)
        return plan
    }
}
