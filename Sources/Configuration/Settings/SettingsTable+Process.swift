extension SettingsTable {
    /// The process itself.
    static let process = SettingSection("Process") {
        Setting(
            "pidfile", .path, sets: \.pidFile, summary: "File for the process id.",
            differs: .unset("coturn writes /var/run/turnserver.pid; here there is no such file."))
        Setting(
            "proc-user", .text("<name>"), sets: \.procUser, summary: "User to become once the sockets are open.")
        Setting(
            "proc-group", .text("<name>"), sets: \.procGroup, summary: "Group to become once the sockets are open.")
        Setting.notBuilt("daemon", .flag, short: "o", "Go into the background; systemd and containers do not need it.")
        Setting.notBuilt("drain-min-allocations", .count, "Leave a drained server at so many allocations.")
    }
}
