/// What another configuration means for a server that runs.
package struct ConfigurationChange: Sendable {
    /// What to run with: the new configuration, but the old values where a change waits for a restart.
    package let effective: ServerConfiguration
    /// The settings whose change takes effect at once. Of those that write to one place the first stands for all.
    package let changed: [String]
    /// The settings whose change waits for a restart.
    package let awaitingRestart: [String]

    /// Compares the configuration that the server runs with to a new one.
    package init(from running: ServerConfiguration, to new: ServerConfiguration) {
        var effective = new
        var (changed, awaitingRestart): ([String], [String]) = ([], [])
        var compared: Set<AnyKeyPath> = []
        for setting in SettingsTable.settings {
            guard let field = setting.fields.name, compared.insert(field).inserted,
                !setting.fields.areSame(running, new)
            else { continue }
            if setting.isLive(from: running, to: new) {
                changed.append(setting.name)
            } else {
                setting.fields.copy(running, &effective)
                awaitingRestart.append(setting.name)
            }
        }
        self.effective = effective
        self.changed = changed
        self.awaitingRestart = awaitingRestart
    }
}

extension Setting {
    fileprivate func isLive(from running: ServerConfiguration, to new: ServerConfiguration) -> Bool {
        switch reload {
        case .live: true
        case .liveWhileSet: ![running, new].contains { fields.areSame($0, ServerConfiguration()) }
        case .restart, nil: false
        }
    }
}
