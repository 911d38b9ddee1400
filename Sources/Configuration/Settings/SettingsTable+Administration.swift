extension SettingsTable {
    /// Consoles and metrics.
    static let administration = SettingSection("Administration", "Consoles and metrics.") {
        Setting.notBuilt("prometheus", .flag, "Metrics for Prometheus.")
        Setting.notBuilt("prometheus-port", .port, "Port of the metrics.")
        Setting.notBuilt("prometheus-address", .address, "Address of the metrics.")
        Setting.notBuilt("prometheus-path", .text("<path>"), "Path of the metrics.")
        Setting.notBuilt("prometheus-username-labels", .flag, "User names in the metrics.")
        Setting.notBuilt("prometheus-tls", .flag, "Metrics over HTTPS.")
        Setting.notBuilt("prometheus-cert", .path, "Certificate chain of the metrics, PEM.")
        Setting.notBuilt("prometheus-key", .path, "Private key of the metrics, PEM.")
        Setting.notBuilt("web-admin", .flag, "Web console.")
        Setting.notBuilt("web-admin-ip", .address, "Address of the web console.")
        Setting.notBuilt("web-admin-port", .port, "Port of the web console.")
        Setting.notBuilt("web-admin-listen-on-workers", .flag, "Web console on the TURN ports.")
        Setting.notBuilt("cli", .flag, "Telnet console.")
        Setting.notBuilt("cli-ip", .address, "Address of the telnet console.")
        Setting.notBuilt("cli-port", .port, "Port of the telnet console.")
        Setting.notBuilt("cli-password", .text("<password>").secret, "Password of the telnet console.")
        Setting.notBuilt("cli-max-output-sessions", .count, "Sessions that the telnet console lists.")
        Setting.always("no-cli", .flag, "There is no telnet console.")
    }
}
