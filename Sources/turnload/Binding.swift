import ArgumentParser
import LoadTest

/// `turnload binding`.
struct Binding: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Ask for the address that the server sees, again and again.")

    @OptionGroup var server: ServerOptions
    @OptionGroup(title: "Run") var options: RunOptions
    @OptionGroup(title: "Report") var reports: ReportOptions
    @OptionGroup var requests: RequestOptions

    func run() throws {
        var plan = LoadPlan("binding", .binding)
        requests.apply(to: &plan)
        options.apply(to: &plan)
        try execute(plan, server, reports)
    }
}
