import ArgumentParser
import LoadTest

/// `turnload soak`.
struct Soak: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Carry data while sessions come and go and refresh: for memory, descriptors and lost allocations.")

    @OptionGroup var server: ServerOptions
    @OptionGroup(title: "Run") var options: RunOptions
    @OptionGroup(title: "Report") var reports: ReportOptions

    @Option(help: ArgumentHelp("How many clients there are at a time.", valueName: "number"))
    var sessions = 100

    @Option(help: ArgumentHelp("Packets a second, all sessions and directions together.", valueName: "number"))
    var rate = 10_000.0

    @Option(help: ArgumentHelp("The length of a payload, from 20 on.", valueName: "bytes"))
    var size = 172

    @Option(help: ArgumentHelp("Clients that leave and are replaced each second.", valueName: "number"))
    var churn = 5.0

    @Option(help: ArgumentHelp("How often a client refreshes its allocation and its channel.", valueName: "seconds"))
    var upkeep: UInt32 = 30

    func validate() throws {
        try Check.sessions(sessions)
        try Check.positive("--rate", rate)
        try Check.positive("--churn", churn)
        guard (20...65_000).contains(size) else { throw ValidationError("--size is to be 20 to 65000") }
    }

    func run() throws {
        var plan = LoadPlan("soak", .carry(.channels))
        plan.sessions = sessions
        plan.departuresPerSecond = churn
        plan.upkeepSeconds = upkeep
        let interval = UInt64(Double(sessions * 2) * 1e9 / rate)
        plan.streams = [.up, .down].map {
            MediaStream($0, payloadByteCount: size, intervalNanoseconds: interval)
        }
        options.apply(to: &plan)
        try execute(plan, server, reports)
    }
}
