import ArgumentParser

/// How to tell what a run has found.
struct ReportOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Write the report as JSON; - for the standard output.", valueName: "file"))
    var json: String?

    @Option(help: ArgumentHelp("Write a line for each second as CSV; - for the standard output.", valueName: "file"))
    var csv: String?

    @Option(help: ArgumentHelp("Write the report as a web page with plots.", valueName: "file"))
    var html: String?

    @Flag(help: "Show no progress.")
    var quiet = false
}
