/// turnserver.conf.example, made from the table: every setting that does something, as a comment with its default.
package enum ExampleFile {
    private static let width = 100

    /// The whole file, ending in a line feed.
    package static func render() -> String {
        var lines = comment(
            "An example of turnserver.conf. Every line is a comment and shows the default, or what a value looks like. "
                + "Made from the table of settings; Docs/configuration.md says more.")
        for section in SettingsTable.sections {
            let settings = section.settings.filter { $0.status == .built && $0.action == nil }
            guard !settings.isEmpty else { continue }
            lines += ["", "", "#### \(section.title)"]
            if !section.introduction.isEmpty { lines += ["#"] + comment(section.introduction) }
            for setting in settings { lines += [""] + entry(setting) }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func entry(_ setting: Setting) -> [String] {
        let text = [setting.summary, setting.note].filter { !$0.isEmpty }.joined(separator: " ")
        let value = setting.isFlag ? "" : "=" + (setting.defaultValue ?? setting.placeholder)
        return comment(text) + ["#\(setting.name)\(value)"]
    }

    private static func comment(_ text: String) -> [String] {
        WrappedText(text, width: width, first: "# ", rest: "# ").lines
    }
}
