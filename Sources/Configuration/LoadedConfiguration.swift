/// A configuration, the file it came from, and what there is to say about it.
package struct LoadedConfiguration: Sendable {
    /// The typed values.
    package let configuration: ServerConfiguration
    /// What was found, in the order of the file; then the command line, then the whole.
    package let problems: [ConfigurationProblem]
    /// The file that was read; nil when there was none.
    package let file: String?
    /// The names of the settings that were written somewhere.
    package let written: [String: SettingOrigin]

    /// Whether the server can start with it.
    package var isUsable: Bool { !problems.contains { $0.severity == .error } }
}

extension LoadedConfiguration {
    /// What there is to say about a configuration that cannot be used.
    package init(refused problems: [ConfigurationProblem], file: String?) {
        self.init(configuration: ServerConfiguration(), problems: problems, file: file, written: [:])
    }
}
