import ArgumentParser
import LoadTest

/// The shape of relayed data.
struct RelayOptions: ParsableArguments {
    /// Which way the data goes.
    enum Direction: String, CaseIterable, ExpressibleByArgument {
        case up
        case down
        case both
    }

    @Option(help: ArgumentHelp("How many clients.", valueName: "number"))
    var sessions = 1

    @Option(
        help: ArgumentHelp(
            "Packets a second, all sessions and directions together; without it, as fast as they are carried.",
            valueName: "number"))
    var rate: Double?

    @Option(help: ArgumentHelp("The length of a payload, from 20 on.", valueName: "bytes"))
    var size = 172

    @Option(help: "Which way the data goes: up (to the peer), down (to the client) or both.")
    var direction = Direction.both

    @Option(help: ArgumentHelp("Packets that a session sends together.", valueName: "number"))
    var burst = 1

    @Option(help: ArgumentHelp("Without --rate, packets on their way at a time.", valueName: "number"))
    var window = 128

    @Flag(help: "Use Send and Data indications instead of channels.")
    var indications = false

    func validate() throws {
        try Check.sessions(sessions)
        guard (20...65_000).contains(size) else { throw ValidationError("--size is to be 20 to 65000") }
        guard (1...1024).contains(burst), (1...100_000).contains(window), rate ?? 1 > 0 else {
            throw ValidationError("--rate, --burst and --window are to be more than 0")
        }
    }

    /// What the options ask for.
    var plan: LoadPlan {
        var plan = LoadPlan("relay", .carry(indications ? .indications : .channels))
        plan.sessions = sessions
        plan.window = window
        let directions: [MediaStream.Direction] =
            switch direction {
            case .up: [.up]
            case .down: [.down]
            case .both: [.up, .down]
            }
        let interval = rate.map { UInt64(Double(sessions * directions.count * burst) * 1e9 / $0) }
        plan.streams = directions.map {
            MediaStream($0, payloadByteCount: size, burst: burst, intervalNanoseconds: interval)
        }
        return plan
    }
}
