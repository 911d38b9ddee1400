/// A file in the format of turnserver.conf, read into assignments and problems.
struct ConfigurationFile: Sendable {
    /// The settings in the order of the file.
    private(set) var assignments: [Assignment] = []
    /// What is wrong with its lines.
    private(set) var problems: [ConfigurationProblem] = []

    /// Reads the bytes of a file; `path` is for messages.
    init(_ bytes: [UInt8], path: String) {
        let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = bytes.starts(with: byteOrderMark) ? bytes[byteOrderMark.count...] : bytes[...]
        let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            guard let line = ConfigurationLine(line) else { continue }
            read(line, at: .file(path, line: index + 1))
        }
    }

    private mutating func read(_ line: ConfigurationLine, at origin: SettingOrigin) {
        guard let setting = SettingsTable.setting(named: String(decoding: line.name, as: UTF8.self)) else {
            problems.append(UnknownOption(line.name).problem(at: origin))
            return
        }
        guard setting.action == nil else {
            problems.append(.init(.error, origin, option: setting.name, "belongs on the command line"))
            return
        }
        guard !line.hasOpenQuote else {
            problems.append(.init(.error, origin, option: setting.name, "expected a closing quote"))
            return
        }
        assignments.append(Assignment(setting: setting, value: line.value, origin: origin))
    }
}
