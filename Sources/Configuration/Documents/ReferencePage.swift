/// Docs/configuration.md, made from the table.
package enum ReferencePage {
    private static let width = 120

    /// The whole page, ending in a line feed.
    package static func render() -> String {
        let lines =
            ["# Configuration", ""] + paragraph(introduction) + [""] + rules.flatMap(item)
            + SettingsTable.sections.flatMap(chapter) + differences
        return lines.joined(separator: "\n") + "\n"
    }

    private static let introduction = """
        This page is made from the table of settings (Sources/Configuration/Settings); a test holds it to the table. \
        Names and format are those of coturn's `turnserver.conf`, so an existing file can be used as it is. \
        `turnserver --check-config -c FILE` reports everything that is wrong with a file, and what is different from \
        coturn.
        """

    private static let rules = [
        """
        One option a line: `name`, `name=value` or `name value`. On the command line: `--name value`, `--name=value`, \
        or a short letter. The command line overrides the file; options that may be repeated add to it.
        """,
        "`#` at the start of a line, or behind white space, begins a comment. In `user=a:b#c` it does not.",
        "Double quotes around a value are taken off; white space and `#` inside them stay.",
        "A flag is on when its name stands alone. `on`, `yes`, `true`, `1` and `off`, `no`, `false`, `0` may follow.",
        """
        An unknown option or a bad value is an error: the server says where and what it expected, and stops with \
        status \(LoadOutcome.refusalStatus) (coturn warns and goes on).
        """,
        "An option of coturn that is not built here yet gives a warning and has no effect.",
        """
        SIGHUP (`systemctl reload`) reads the file again, without dropping a session. Options marked *restart* keep their \
        old value until the server is started anew; the log names those that differ.
        """,
    ]

    private static func chapter(_ section: SettingSection) -> [String] {
        var lines = ["", "## \(section.title)"]
        if !section.introduction.isEmpty { lines += [""] + paragraph(section.introduction) }
        lines += list("", section, .built)
        lines += list("Not built yet:", section, .notBuilt)
        lines += list("Asks for what this server does anyway:", section, .always)
        lines += list("Accepted without effect:", section, .noEffect)
        return lines
    }

    private static func list(_ title: String, _ section: SettingSection, _ status: SettingStatus) -> [String] {
        let settings = section.settings.filter { $0.status == status }
        guard !settings.isEmpty else { return [] }
        return (title.isEmpty ? [] : ["", title]) + [""] + settings.flatMap { item(entry($0)) }
    }

    private static func entry(_ setting: Setting) -> String {
        let remarks = [
            setting.short.map { "`-\($0)`" },
            setting.aliases.isEmpty ? nil : "or `\(setting.aliases.joined(separator: "`, `"))`",
            shownDefault(setting),
            needsRestart(setting),
        ].compactMap { $0 }
        let head = usage(setting) + (remarks.isEmpty ? "" : " (\(remarks.joined(separator: ", ")))")
        let text = [setting.summary, setting.note, setting.difference?.text ?? ""].filter { !$0.isEmpty }
        return head + ": " + text.joined(separator: " ")
    }

    private static func usage(_ setting: Setting) -> String {
        setting.action == nil
            ? "`\(setting.name)\(setting.usage(separator: "="))`"
            : "`--\(setting.name)\(setting.usage(separator: " "))`"
    }

    private static func shownDefault(_ setting: Setting) -> String? {
        if setting.isFlag, setting.defaultText == "off" { return nil }
        return setting.defaultText.map { $0 == setting.defaultValue ? "default `\($0)`" : "default: \($0)" }
    }

    private static func needsRestart(_ setting: Setting) -> String? {
        guard setting.status == .built, setting.action == nil else { return nil }
        return switch setting.reload {
        case .live: nil
        case .liveWhileSet: "*restart* to set or to drop it"
        case .restart, nil: "*restart*"
        }
    }

    private static var differences: [String] {
        let rows = SettingsTable.settings.compactMap { setting in
            setting.difference.map { "| `\(setting.name)` | \($0.text) |" }
        }
        return ["", "## What differs from coturn", "", "| Option | Difference |", "|---|---|"] + rows
    }

    private static func paragraph(_ text: String) -> [String] { WrappedText(text, width: width).lines }

    private static func item(_ text: String) -> [String] {
        WrappedText(text, width: width, first: "- ", rest: "  ").lines
    }
}
