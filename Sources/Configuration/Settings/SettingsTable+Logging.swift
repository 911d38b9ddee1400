extension SettingsTable {
    /// What is logged, how, and where to.
    static let logging = SettingSection("Logging", "What the server tells, and where.") {
        Setting(
            "log-file", .logDestination, sets: \.logFile, short: "l",
            summary: "File for the log, or stdout, -, syslog.",
            differs: .unset("coturn writes /var/log/turn_PID_DATE.log; here the log goes to standard output."))
        Setting("syslog", .flag, sets: \.syslog, summary: "Log to syslog. Overrides log-file.")
        Setting(
            "syslog-facility", .word("<facility>", prefix: "log_"), sets: \.syslogFacility,
            summary: "Facility of the lines in syslog, such as daemon or local0.")
        Setting(
            "log-format", .word(), sets: \.logFormat,
            summary: "How a line is written.", note: "Not in coturn.")
        Setting("verbose", .flag, sets: \.verbose, short: "v", summary: "Log more: level debug.", reload: .live)
        Setting(
            "Verbose", .flag, sets: \.extraVerbose, short: "V", summary: "Log everything: level trace.", reload: .live)
        Setting(
            "log-min-level", .logLevel, sets: \.logMinLevel,
            default: "info",
            summary: "Lowest level that is logged. Overrides verbose.",
            note: "The levels are trace, debug, info, notice, warning, error and critical.", reload: .live)
        Setting.always("no-stdout-log", .flag, "The log goes to one place: syslog, log-file or standard output.")
        Setting.always("simple-log", .flag, "The log file has the name that log-file gives.")
        Setting.always("new-log-timestamp", .flag, "Time stamps are those of ISO 8601.")
        Setting.noEffect("new-log-timestamp-format", .text("<format>"), "Time stamps are those of ISO 8601.")
        Setting.notBuilt("log-binding", .flag, "Log Binding requests.")
        Setting.notBuilt("udp-recvmmsg-log", .flag, "Log how large the batches received are.")
        Setting.notBuilt("udp-sendmmsg-log", .flag, "Log how large the batches sent are.")
    }
}
