import ArgumentParser
import LoadTest

/// `turnload relay`.
struct Relay: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Relays data between clients and a peer, at a rate or as fast as it goes.")

    /// Which way the data goes.
    enum Direction: String, CaseIterable, ExpressibleByArgument {
        case up, down, both
    }

    @OptionGroup var server: ServerOptions
    @OptionGroup var options: RunOptions

    @Option(help: ArgumentHelp("How many clients.", valueName: "number"))
    var sessions = 1

    @Option(
        help: ArgumentHelp(
            "Packets a second, all sessions and directions together; without it, flat out.", valueName: "number"))
    var rate: Double?

    @Option(help: ArgumentHelp("The length of a payload, from 20 on.", valueName: "bytes"))
    var size = 172

    @Option(help: "Which way the data goes: up (to the peer), down (to the client) or both.")
    var direction = Direction.both

    @Option(help: ArgumentHelp("Packets that a session sends together.", valueName: "number"))
    var burst = 1

    @Option(help: ArgumentHelp("Packets on their way at a time when going flat out.", valueName: "number"))
    var window = 128

    @Flag(help: "Use Send and Data indications instead of channels.")
    var indications = false

    func validate() throws {
        guard (1...1_000_000).contains(sessions) else { throw ValidationError("--sessions is to be 1 to 1000000") }
        guard (20...65_000).contains(size) else { throw ValidationError("--size is to be 20 to 65000") }
        guard burst >= 1, window >= 1, rate ?? 1 > 0 else {
            throw ValidationError("--rate, --burst and --window are to be more than 0")
        }
    }

    func run() throws {
        try execute(plan, server, options)
    }

    /// What the options ask for.
    var plan: LoadPlan {
        var plan = LoadPlan("relay", .carry(indications ? .indications : .channels))
        plan.sessions = sessions
        plan.pace = rate.map { .steady(requestsPerSecond: $0) } ?? .flatOut(window: window)
        let directions: [MediaStream.Direction] =
            switch direction {
            case .up: [.up]
            case .down: [.down]
            case .both: [.up, .down]
            }
        let interval = rate.map { Double(sessions * directions.count * burst) * 1e9 / $0 }
        plan.streams = directions.map {
            MediaStream($0, payloadByteCount: size, burst: burst, intervalNanoseconds: interval.map { UInt64($0) })
        }
        options.apply(to: &plan)
        return plan
    }
}
