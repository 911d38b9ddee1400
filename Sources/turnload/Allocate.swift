import ArgumentParser
import LoadTest

/// `turnload allocate`.
struct Allocate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Allocate, with the round trip for the challenge, and free at once.")

    @OptionGroup var server: ServerOptions
    @OptionGroup(title: "Run") var options: RunOptions
    @OptionGroup(title: "Report") var reports: ReportOptions
    @OptionGroup var requests: RequestOptions

    func run() throws {
        var plan = LoadPlan("allocate", .allocateAndFree)
        requests.apply(to: &plan)
        options.apply(to: &plan)
        try execute(plan, server, reports)
    }
}
