/// The arguments of the program, read as getopt_long reads them: `--name value`, `--name=value`, `-X value`, `-Xvalue`,
/// and flags in one bunch as `-nv`.
struct CommandLineArguments: Sendable {
    /// The settings in the order given.
    private(set) var assignments: [Assignment] = []
    /// What the program is asked to do.
    private(set) var actions: Set<CommandLineAction> = []
    /// The file of the last `-c`.
    private(set) var configurationFile: String?
    /// What is wrong with them.
    private(set) var problems: [ConfigurationProblem] = []

    /// Reads the arguments, the name of the program not among them.
    init(_ arguments: [String]) {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument.hasPrefix("--"), argument.count > 2 {
                readLong(argument.dropFirst(2), followedBy: &rest)
            } else if argument.hasPrefix("-"), argument.count > 1, argument != "--" {
                readShort(argument.dropFirst(), followedBy: &rest)
            } else {
                // The argument itself may be a stray secret.
                fail(nil, "argument \(arguments.count - rest.count): expected an option that begins with -")
            }
        }
    }

    private mutating func readLong(_ text: Substring, followedBy rest: inout ArraySlice<String>) {
        let name = text.prefix { $0 != "=" }
        guard let setting = SettingsTable.setting(named: String(name)) else {
            problems.append(UnknownOption(Array(name.utf8)).problem(at: .commandLine))
            return
        }
        if name.endIndex < text.endIndex {
            take(setting, String(text[text.index(after: name.endIndex)...]))
        } else {
            takeNext(setting, &rest)
        }
    }

    private mutating func readShort(_ letters: Substring, followedBy rest: inout ArraySlice<String>) {
        var letters = letters
        while let letter = letters.popFirst() {
            guard let setting = SettingsTable.setting(short: letter) else {
                fail(nil, "unknown option -\(Array(String(letter).utf8).printable)")
                return
            }
            guard setting.requiresValue else {
                take(setting, nil)
                continue
            }
            if letters.isEmpty {
                takeNext(setting, &rest)
            } else if letters.first == "=" {
                fail(setting.name, "expected -\(letter) \(setting.placeholder) or --\(setting.name)=...")
            } else {
                take(setting, String(letters))
            }
            return
        }
    }

    /// The value is the next argument, if the setting needs one.
    private mutating func takeNext(_ setting: Setting, _ rest: inout ArraySlice<String>) {
        guard setting.requiresValue else { return take(setting, nil) }
        guard let value = rest.popFirst() else {
            return fail(setting.name, "expected \(setting.expectation), found nothing")
        }
        take(setting, value)
    }

    private mutating func take(_ setting: Setting, _ value: String?) {
        guard let action = setting.action else {
            assignments.append(
                Assignment(setting: setting, value: value.map { Array($0.utf8) }, origin: .commandLine))
            return
        }
        actions.insert(action)
        if action == .configurationFile { configurationFile = value }
    }

    private mutating func fail(_ option: String?, _ message: String) {
        problems.append(ConfigurationProblem(.error, .commandLine, option: option, message))
    }
}
