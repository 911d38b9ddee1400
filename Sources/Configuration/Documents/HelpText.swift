/// The answer to `turnserver --help`, made from the table.
package enum HelpText {
    private static let width = 96
    private static let column = 36

    private static let introduction = """
        A STUN and TURN server. Every option stands here as --name value, or in turnserver.conf as name=value; the \
        command line overrides the file. Square brackets hold defaults.
        """

    /// The whole text, ending in a line feed.
    package static func render() -> String {
        var lines = ["Usage: turnserver [options]", ""] + WrappedText(introduction, width: width).lines
        for section in SettingsTable.sections {
            let built = section.settings.filter { $0.status == .built }
            if !built.isEmpty { lines += ["", "\(section.title):"] + built.flatMap(entry) }
        }
        lines += list("Options of coturn that are not built yet; they give a warning:", .notBuilt)
        lines += list("Options of coturn that ask for what this server does anyway:", .always)
        lines += list("Options of old files that have no effect:", .noEffect)
        return lines.joined(separator: "\n") + "\n"
    }

    private static func entry(_ setting: Setting) -> [String] {
        let short = setting.short.map { "-\($0), " } ?? "    "
        let head = "  \(short)--\(setting.name)\(setting.usage(separator: " "))"
        let indent = String(repeating: " ", count: column)
        let text = setting.summary + shownDefault(setting)
        guard head.count <= column - 2 else {
            return [head] + WrappedText(text, width: width, first: indent, rest: indent).lines
        }
        let padding = String(repeating: " ", count: column - head.count)
        return WrappedText(text, width: width, first: head + padding, rest: indent).lines
    }

    private static func shownDefault(_ setting: Setting) -> String {
        guard let text = setting.defaultText, !(setting.isFlag && text == "off") else { return "" }
        return " [\(text)]"
    }

    private static func list(_ title: String, _ status: SettingStatus) -> [String] {
        let names = SettingsTable.settings.filter { $0.status == status }.map(\.name).joined(separator: ", ")
        return ["", title] + WrappedText(names, width: width, first: "  ", rest: "  ").lines
    }
}
