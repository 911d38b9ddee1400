import ArgumentParser
import LoadTest

/// `turnload binding`.
struct Binding: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Ask for the address that the server sees, again and again.")

    @OptionGroup var server: ServerOptions
    @OptionGroup(title: "Run") var options: RunOptions
    @OptionGroup(title: "Report") var reports: ReportOptions

    @Option(help: ArgumentHelp("How many clients ask at a time.", valueName: "number"))
    var sessions = 32

    @Option(
        help: ArgumentHelp("Requests a second; without it, as many as are answered.", valueName: "number"))
    var rate: Double?

    func validate() throws {
        try Check.sessions(sessions)
        try Check.positive("--rate", rate)
    }

    func run() throws {
        var plan = LoadPlan("binding", .binding)
        plan.sessions = sessions
        plan.requestsPerSecond = rate
        options.apply(to: &plan)
        try execute(plan, server, reports)
    }
}
