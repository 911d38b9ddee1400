import ArgumentParser
import LoadTest

/// `turnload idle`.
struct Idle: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Hold allocations that carry nothing.")

    @OptionGroup var server: ServerOptions
    @OptionGroup(title: "Run") var options: RunOptions
    @OptionGroup(title: "Report") var reports: ReportOptions

    @Option(help: ArgumentHelp("How many allocations to hold.", valueName: "number"))
    var sessions = 1000

    func validate() throws {
        try Check.sessions(sessions)
    }

    func run() throws {
        var plan = LoadPlan("idle", .hold)
        plan.sessions = sessions
        options.apply(to: &plan)
        try execute(plan, server, reports)
    }
}
