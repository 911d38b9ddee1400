import ArgumentParser
import LoadTest

/// `turnload allocate`.
struct Allocate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Allocate, with the round trip for the challenge, and free at once.")

    @OptionGroup var server: ServerOptions
    @OptionGroup(title: "Run") var options: RunOptions
    @OptionGroup(title: "Report") var reports: ReportOptions

    @Option(help: ArgumentHelp("How many clients are at it at a time.", valueName: "number"))
    var sessions = 32

    @Option(
        help: ArgumentHelp("Allocations a second; without it, as many as are answered.", valueName: "number"))
    var rate: Double?

    func validate() throws {
        try Check.sessions(sessions)
        try Check.positive("--rate", rate)
    }

    func run() throws {
        var plan = LoadPlan("allocate", .allocateAndFree)
        plan.sessions = sessions
        plan.requestsPerSecond = rate
        options.apply(to: &plan)
        try execute(plan, server, reports)
    }
}
