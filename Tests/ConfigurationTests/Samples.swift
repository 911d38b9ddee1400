import Configuration
import FoundationEssentials

/// The top of the repository, found from this very file.
let repository = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")

/// The bytes of a file of the repository; nil when there is none.
func bytes(of path: String) -> [UInt8]? {
    FileManager.default.contents(atPath: repository + "/" + path).map { [UInt8]($0) }
}

/// Loads a configuration from the text of a file and arguments.
func load(_ text: String = "", arguments: [String] = []) -> LoadOutcome {
    load(Array(text.utf8), arguments: arguments)
}

/// Loads a configuration from the bytes of a file and arguments.
func load(_ bytes: [UInt8], arguments: [String] = []) -> LoadOutcome {
    ConfigurationLoader.load(arguments: ["-c", "test.conf"] + arguments) { _ throws(ConfigurationFileError) in bytes }
}

extension LoadOutcome {
    /// What a server would start with; nil when it would not start.
    var loaded: LoadedConfiguration? {
        guard case .run(let loaded) = self else { return nil }
        return loaded
    }

    /// The typed values; nil when the server would not start.
    var configuration: ServerConfiguration? { loaded?.configuration }

    /// The problems, whether the server would start or not.
    var problems: [ConfigurationProblem] {
        switch self {
        case .run(let loaded): loaded.problems
        case .refuse(let problems): problems
        case .help, .version, .report: []
        }
    }

    /// The errors as the operator reads them.
    var errors: [String] { texts(of: .error) }

    /// The warnings as the operator reads them.
    var warnings: [String] { texts(of: .warning) }

    private func texts(of severity: ConfigurationProblem.Severity) -> [String] {
        problems.filter { $0.severity == severity }.map(\.description)
    }
}
