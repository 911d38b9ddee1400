import ArgumentParser
import LoadTest

/// `turnload call`.
struct Call: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Carry calls: audio and video both ways, in bursts as cameras make them.")

    @OptionGroup var server: ServerOptions
    @OptionGroup(title: "Run") var options: RunOptions
    @OptionGroup(title: "Report") var reports: ReportOptions

    @Option(help: ArgumentHelp("How many participants.", valueName: "number"))
    var sessions = 10

    @Option(help: ArgumentHelp("The bit rate of each video, in kbit/s; 0 for calls without.", valueName: "number"))
    var video = 1200

    @Option(help: ArgumentHelp("Over how long the participants join.", valueName: "seconds"))
    var rampUp = 2.0

    @Flag(help: "Use Send and Data indications instead of channels.")
    var indications = false

    func validate() throws {
        try Check.sessions(sessions)
        guard (0...100_000).contains(video) else { throw ValidationError("--video is to be 0 to 100000") }
        guard (0...86_400).contains(rampUp) else { throw ValidationError("--ramp-up is to be 0 to 86400") }
    }

    func run() throws {
        var plan = LoadPlan("call", .carry(indications ? .indications : .channels))
        plan.sessions = sessions
        plan.rampUpSeconds = rampUp
        plan.streams = MediaStream.call(videoKilobitsPerSecond: video)
        options.apply(to: &plan)
        try execute(plan, server, reports)
    }
}
