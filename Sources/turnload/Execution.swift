import LoadTest

/// Runs a plan and tells what came of it.
func execute(_ plan: LoadPlan, _ server: ServerOptions, _ reports: ReportOptions) throws {
    let target = try server.target()
    let report = try LoadRun.run(plan, against: target, peerAt: try server.login.peer()) { sample in
        if !reports.quiet { StandardError.write(sample.progressLine) }
    }
    if reports.json != "-", reports.csv != "-" { print(report.summary) }
    if let path = reports.csv { try OutputFile.write(report.csv, to: path) }
    if let path = reports.html { try OutputFile.write(report.html, to: path) }
    if let path = reports.json { try OutputFile.write(try JSONText.encode(report), to: path) }
}
