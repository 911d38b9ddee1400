// The ways in which a line of the table comes about: a setting sets a field, adds to one, or has no field here.

extension Setting {
    /// A field of the configuration that a setting writes to.
    typealias Field<Value> = any WritableKeyPath<ServerConfiguration, Value> & Sendable

    /// A setting that sets a field; the field's own default is the default.
    init<Value: Equatable & Sendable>(
        _ name: String, _ form: ValueForm<Value>, sets field: Field<Value>,
        short: Character? = nil, aliases: [String] = [], default defaultText: String? = nil,
        summary: String, note: String = "", differs: CoturnDifference? = nil, reload: SettingReload? = nil
    ) {
        self.init(
            name, form: form, status: .built, short: short, aliases: aliases, repeats: false,
            defaultValue: form.show(ServerConfiguration()[keyPath: field]), default: defaultText,
            summary: summary, note: note, differs: differs, reload: reload, fields: .one(field)
        ) { text, _, configuration in
            guard let value = form.value(of: text) else { return .malformed }
            configuration[keyPath: field] = value
            return Self.outcome(of: value)
        }
    }

    /// A setting that may be repeated: each occurrence adds to a field.
    init<Value: Equatable & Sendable>(
        _ name: String, _ form: ValueForm<Value>, adds field: Field<[Value]>,
        short: Character? = nil, aliases: [String] = [], default defaultText: String? = nil,
        summary: String, note: String = "", differs: CoturnDifference? = nil, reload: SettingReload? = nil
    ) {
        self.init(
            name, form, adds: field, short: short, aliases: aliases, default: defaultText,
            summary: summary, note: note, differs: differs, reload: reload
        ) { value, _ in value }
    }

    /// A setting that may be repeated and remembers where it stood.
    init<Value, Element: Equatable & Sendable>(
        _ name: String, _ form: ValueForm<Value>,
        adds field: Field<[Element]>,
        short: Character? = nil, aliases: [String] = [], default defaultText: String? = nil,
        summary: String, note: String = "", differs: CoturnDifference? = nil, reload: SettingReload? = nil,
        as element: @escaping @Sendable (Value, SettingOrigin) -> Element
    ) {
        self.init(
            name, form: form, status: .built, short: short, aliases: aliases, repeats: true, default: defaultText,
            summary: summary, note: note, differs: differs, reload: reload, fields: .one(field)
        ) { text, origin, configuration in
            guard let value = form.value(of: text) else { return .malformed }
            configuration[keyPath: field].append(element(value, origin))
            return .taken
        }
    }

    /// An option of coturn that this server does not have yet. Its value is checked all the same.
    static func notBuilt<Value>(
        _ name: String, _ form: ValueForm<Value>, short: Character? = nil, aliases: [String] = [],
        repeats: Bool = false, _ summary: String
    ) -> Setting {
        idle(name, form, .notBuilt, short: short, aliases: aliases, repeats: repeats, summary)
    }

    /// An option that asks for what this server does anyway; the summary says how so.
    static func always<Value>(
        _ name: String, _ form: ValueForm<Value>, short: Character? = nil, _ summary: String
    ) -> Setting {
        idle(name, form, .always, short: short, summary)
    }

    /// An option of old files that has no effect; the summary says why.
    static func noEffect<Value>(
        _ name: String, _ form: ValueForm<Value>, short: Character? = nil, _ summary: String
    ) -> Setting {
        idle(name, form, .noEffect, short: short, summary)
    }

    /// An option of the command line that makes the program do something.
    static func command<Value>(
        _ name: String, _ form: ValueForm<Value>, _ action: CommandLineAction, short: Character? = nil,
        _ summary: String
    ) -> Setting {
        idle(name, form, .built, action: action, short: short, summary)
    }

    private static func idle<Value>(
        _ name: String, _ form: ValueForm<Value>, _ status: SettingStatus, action: CommandLineAction? = nil,
        short: Character?, aliases: [String] = [], repeats: Bool = false, _ summary: String
    ) -> Setting {
        Setting(
            name, form: form, status: status, action: action, short: short, aliases: aliases, repeats: repeats,
            summary: summary
        ) { text, _, _ in form.value(of: text).map(outcome) ?? .malformed }
    }

    private static func outcome(of value: some Sendable) -> Outcome {
        value as? Bool == false ? .turnedOff : .taken
    }
}
