/// Something that must hold between settings that are each in order by themselves.
struct ConsistencyRule: Sendable {
    /// How grave it is to break the rule.
    let severity: ConfigurationProblem.Severity
    /// The options to blame; the first of them that was written is the one named.
    let options: [String]
    /// What to say to the operator; nil when the rule holds.
    let complaint: @Sendable (ServerConfiguration) -> String?

    /// A rule that complains in words of its own.
    init(
        _ severity: ConfigurationProblem.Severity, _ options: String...,
        complaint: @escaping @Sendable (ServerConfiguration) -> String?
    ) {
        self.severity = severity
        self.options = options
        self.complaint = complaint
    }

    /// A rule that says the same whenever it is broken.
    init(
        _ severity: ConfigurationProblem.Severity, _ options: String..., says message: String,
        when isBroken: @escaping @Sendable (ServerConfiguration) -> Bool
    ) {
        self.severity = severity
        self.options = options
        complaint = { isBroken($0) ? message : nil }
    }

    /// The problem in a configuration whose settings were written in these places, if it breaks the rule.
    func problem(in configuration: ServerConfiguration, origins: [String: SettingOrigin]) -> ConfigurationProblem? {
        complaint(configuration).map { message in
            let option = options.first { origins[$0] != nil } ?? options.first
            return ConfigurationProblem(severity, option.flatMap { origins[$0] }, option: option, message)
        }
    }
}
