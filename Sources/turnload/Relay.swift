import ArgumentParser
import LoadTest

/// `turnload relay`.
struct Relay: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Relay data between clients and a peer, at a rate or as fast as it goes.")

    @OptionGroup var server: ServerOptions
    @OptionGroup(title: "Load") var load: RelayOptions
    @OptionGroup(title: "Run") var options: RunOptions
    @OptionGroup(title: "Report") var reports: ReportOptions

    func run() throws {
        var plan = load.plan
        options.apply(to: &plan)
        try execute(plan, server, reports)
    }
}
