import ArgumentParser
import LoadTest

/// How many requests are made, where that is the load.
struct RequestOptions: ParsableArguments {
    @Option(help: ArgumentHelp("How many clients ask at a time.", valueName: "number"))
    var sessions = 32

    @Option(
        help: ArgumentHelp("Requests a second; without it, as many as are answered.", valueName: "number"))
    var rate: Double?

    func validate() throws {
        try Check.sessions(sessions)
        try Check.positive("--rate", rate)
    }

    /// Puts the options into a plan.
    func apply(to plan: inout LoadPlan) {
        plan.sessions = sessions
        plan.requestsPerSecond = rate
    }
}
