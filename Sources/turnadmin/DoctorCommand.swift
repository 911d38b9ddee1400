import AdminClient
import ArgumentParser
import Configuration

/// Looks for faults.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look for faults of the configuration and of the server that runs with it, and name the cures.",
        discussion: """
            Run it on the machine of the server, as a user who may read the configuration. It relays a few bytes both ways \
            between two sessions of its own. Status 1 when there is a fault.
            """)

    @Option(name: .shortAndLong, help: ArgumentHelp("The server's configuration.", valueName: "file"))
    var config: String?
    @Option(help: "The name by which clients know the server; its DNS records are looked at.") var host: String?
    @Option(help: "Seconds to wait for each answer.") var timeout = 2.0
    @Flag(help: "Show the findings as JSON.") var json = false

    func validate() throws {
        guard timeout >= 0.1, timeout <= 60 else { throw ValidationError("--timeout is to be 0.1 to 60") }
    }

    func run() async throws {
        let arguments = config.map { ["-c", $0] } ?? []
        let loaded: LoadedConfiguration
        switch ConfigurationLoader.load(arguments: arguments, readFile: FileReader.read) {
        case .run(let usable): loaded = usable
        case .refuse(let problems):
            loaded = LoadedConfiguration(refused: problems, file: config)
        case .help, .version, .report: return
        }
        let findings = Doctor(loaded, host: host, timeoutMilliseconds: UInt32(timeout * 1000)).examine()
        if json {
            print(try Output.json(.list(findings.map(\.json))))
        } else {
            for finding in findings { show(finding) }
        }
        if findings.contains(where: { $0.gravity == .fault }) { throw ExitCode(1) }
    }

    private func show(_ finding: Finding) {
        let mark =
            switch finding.gravity {
            case .fine: "ok     "
            case .warning: "warning"
            case .fault: "FAULT  "
            }
        print("\(mark) \(finding.name): \(finding.text)")
        if let cure = finding.cure { print("        -> \(cure)") }
    }
}
