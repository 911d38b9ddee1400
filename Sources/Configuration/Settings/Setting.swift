/// One option: everything that the file parser, the command line, the help and the documents know about it.
package struct Setting: Sendable {
    /// How reading a value went.
    enum Outcome {
        /// The value is not of the expected form.
        case malformed
        /// The value was taken.
        case taken
        /// The value was taken and turns a flag off.
        case turnedOff
    }

    /// Takes what stands behind the name into the configuration.
    typealias Apply = @Sendable (_ text: [UInt8]?, SettingOrigin, inout ServerConfiguration) -> Outcome

    /// The name in the file and, behind `--`, on the command line.
    package let name: String
    /// Other names for the same.
    package let aliases: [String]
    /// The letter behind a single `-`.
    package let short: Character?
    /// What becomes of it here.
    package let status: SettingStatus
    /// What it is for, in one line. For a setting that has no effect, why.
    package let summary: String
    /// More to know; may be empty.
    package let note: String
    /// How it differs from coturn's option of the same name.
    package let difference: CoturnDifference?
    /// What it makes the program do; nil for settings proper, which are the ones allowed in the file.
    package let action: CommandLineAction?

    /// What stands for the value in the help; empty for flags.
    package let placeholder: String
    /// What a good value is.
    package let expectation: String
    /// The value that is as good as not setting the option; nil when there is none that could be written.
    package let defaultValue: String?
    /// What holds when the option is not set; nil when there is nothing to say.
    package let defaultText: String?
    /// Whether a value must follow the name.
    package let requiresValue: Bool
    /// Whether each occurrence adds a value, instead of replacing the one before.
    package let repeats: Bool
    /// Whether the value must never appear in a message.
    package let isSecret: Bool
    /// When a change of it takes effect; nil when the section says so.
    package internal(set) var reload: SettingReload?
    let apply: Apply
    /// The fields that it writes to.
    let fields: SettingFields

    /// The setting whose parts the initializers of `Setting+Building.swift` put together.
    init<Value>(
        _ name: String, form: ValueForm<Value>, status: SettingStatus, action: CommandLineAction? = nil,
        short: Character?, aliases: [String], repeats: Bool, defaultValue: String? = nil,
        default defaultText: String? = nil, summary: String, note: String = "", differs: CoturnDifference? = nil,
        reload: SettingReload? = nil,
        fields: SettingFields = .none, apply: @escaping Apply
    ) {
        self.name = name
        self.aliases = aliases
        self.short = short
        self.status = status
        self.action = action
        self.summary = summary
        self.note = note
        self.difference = differs
        self.placeholder = form.placeholder
        self.expectation = form.expectation
        self.defaultValue = defaultValue
        self.defaultText = defaultText ?? defaultValue
        self.requiresValue = form.bare == nil
        self.repeats = repeats
        self.isSecret = form.isSecret
        self.apply = apply
        self.reload = reload
        self.fields = fields
    }
}

extension Setting {
    /// The name and its aliases.
    package var names: [String] { [name] + aliases }

    /// Whether the name alone is a complete line.
    package var isFlag: Bool { placeholder.isEmpty }

    /// What to write behind the name, such as ` <port>`; an optional value takes `=` in any case.
    func usage(separator: String) -> String {
        if isFlag { return "" }
        return requiresValue ? separator + placeholder : "[=\(placeholder)]"
    }
}
