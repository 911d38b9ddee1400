/// From the arguments of the program to what it shall do. Reads files through a closure, and touches nothing else.
package enum ConfigurationLoader {
    /// Reads the bytes of a file.
    package typealias ReadFile = (_ path: String) throws(ConfigurationFileError) -> [UInt8]

    /// Where a file is looked for when the command line names none: coturn's places, in coturn's order.
    package static let searchPath = [
        "turnserver.conf", "etc/turnserver.conf", "../etc/turnserver.conf", "/etc/turnserver.conf",
        "/usr/local/etc/turnserver.conf",
    ]

    /// Reads the arguments, without the name of the program, and the file they lead to.
    package static func load(arguments: [String], readFile: ReadFile) -> LoadOutcome {
        let arguments = CommandLineArguments(arguments)
        if arguments.actions.contains(.help) { return .help(HelpText.render()) }
        if arguments.actions.contains(.version) { return .version }
        let loaded = load(arguments, readFile: readFile)
        if arguments.actions.contains(.checkConfiguration) {
            return .report(CheckReport(loaded).render(), wouldStart: loaded.isUsable)
        }
        return loaded.isUsable ? .run(loaded) : .refuse(loaded.problems)
    }

    private static func load(_ arguments: CommandLineArguments, readFile: ReadFile) -> LoadedConfiguration {
        var reader = ConfigurationReader()
        let (path, bytes, missing) = findFile(arguments, readFile: readFile)
        guard !missing.contains(where: { $0.severity == .error }) else {
            // What the file would have held is not known, so nothing else can be said about it.
            return LoadedConfiguration(
                configuration: ServerConfiguration(), problems: missing + arguments.problems, file: path, written: [:])
        }
        let file = ConfigurationFile(bytes, path: path ?? "")
        reader.take(file.assignments)
        reader.take(arguments.assignments)
        reader.finish()
        return LoadedConfiguration(
            configuration: reader.configuration,
            problems: missing + inOrderOfLines(file.problems + arguments.problems + reader.problems),
            file: path,
            written: reader.origins)
    }

    /// The file to read; its path is nil when there is none.
    private static func findFile(
        _ arguments: CommandLineArguments, readFile: ReadFile
    ) -> (path: String?, bytes: [UInt8], problems: [ConfigurationProblem]) {
        if arguments.actions.contains(.noConfigurationFile) { return (nil, [], []) }
        for path in arguments.configurationFile.map({ [$0] }) ?? searchPath {
            do throws(ConfigurationFileError) {
                return (path, try readFile(path), [])
            } catch {
                guard case .unreadable(let reason) = error else { continue }
                return (path, [], [.init(.error, nil, "cannot read \(path): \(reason)")])
            }
        }
        if let path = arguments.configurationFile {
            return (path, [], [.init(.error, .commandLine, option: "config", "there is no file \(path)")])
        }
        return (nil, [], [.init(.note, nil, "no configuration file: " + searchPath.joined(separator: ", "))])
    }

    /// Problems of the file by line, then the others as they came.
    private static func inOrderOfLines(_ problems: [ConfigurationProblem]) -> [ConfigurationProblem] {
        problems.enumerated()
            .sorted { ($0.element.line ?? .max, $0.offset) < ($1.element.line ?? .max, $1.offset) }
            .map(\.element)
    }
}
