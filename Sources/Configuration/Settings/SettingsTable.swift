/// The one table of settings. The file parser, the command line, `--help`, turnserver.conf.example,
/// Docs/configuration.md and `--check-config` are all made from it, so an option is added by adding one entry.
///
/// Names are coturn's, of every era. Options of our own say so in their note.
package enum SettingsTable {
    /// All settings, in the order of the documents.
    package static let sections = [
        listening, relaying, authentication, databases, limits, peers, protocolBehaviour, tls, logging, process,
        administration, commandLine,
    ]

    /// All settings without their sections.
    package static let settings = sections.flatMap(\.settings)

    /// The setting of a name or alias; upper and lower case differ, as `verbose` and `Verbose` do.
    package static func setting(named name: String) -> Setting? { byName[name] }

    /// The setting of a letter behind a single `-`.
    package static func setting(short letter: Character) -> Setting? { byLetter[letter] }

    private static let byName = Dictionary(
        settings.flatMap { setting in setting.names.map { ($0, setting) } }, uniquingKeysWith: { first, _ in first })

    private static let byLetter = Dictionary(
        settings.compactMap { setting in setting.short.map { ($0, setting) } }, uniquingKeysWith: { first, _ in first })
}
