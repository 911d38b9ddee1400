import Addressing

extension SettingsTable {
    /// The admin interface and metrics.
    static let administration = SettingSection("Administration", "The admin interface, and metrics.") {
        Setting(
            "admin-socket", .text("<path>"), sets: \.adminSocket,
            default: "/run/culvert/admin.sock as root, else $XDG_RUNTIME_DIR/culvert/admin.sock",
            summary: "Unix socket of the admin interface, or none.",
            note: "Not in coturn. Its mode is 0600: root and the user of the server may connect.")
        Setting(
            "admin-address", ValueForm<IPAddress>.address.optional(), sets: \.adminAddress,
            summary: "Address of the admin interface over HTTP; without it there is only the socket.",
            note: "Not in coturn. Meant for 127.0.0.1: what goes over a network goes in clear.")
        Setting(
            "admin-port", .port, sets: \.adminPort, summary: "Port of the admin interface.", note: "Not in coturn.")
        Setting(
            "admin-token-file", .path, sets: \.adminTokenFile,
            default: "a random token, written to the log at each start",
            summary: "File with the token that clients of admin-address show.", note: "Not in coturn.")
        Setting(
            "admin-host", .text("<name>"), adds: \.adminHosts,
            summary: "Another name under which browsers may reach admin-address.",
            note: "Not in coturn. Addresses and localhost are known; other names in Host are refused (DNS rebinding)."
        ) { name, _ in name ?? "" }
        Setting(
            "api-key-file", .path, sets: \.apiKeyFile,
            summary: "File of keys, one a line, for web services that ask /ice-servers.",
            note: "Not in coturn.")
        Setting(
            "ice-server-name", .text("<host>"), sets: \.iceServerName,
            default: "the first relay address, as clients are told",
            summary: "Host in the URLs that /ice-servers gives out.", note: "Not in coturn.")
        Setting(
            "prometheus", .flag, sets: \.prometheus,
            summary: "Metrics without a token, with coturn's names beside ours.")
        Setting(
            "prometheus-address", ValueForm<IPAddress>.address.optional(), sets: \.prometheusAddress,
            default: "127.0.0.1",
            summary: "Address of the metrics.",
            differs: .unset("coturn shows its metrics on every address of the machine; here on 127.0.0.1."))
        Setting("prometheus-port", .port, sets: \.prometheusPort, summary: "Port of the metrics.")
        Setting("prometheus-path", .text("<path>"), sets: \.prometheusPath, summary: "Path of the metrics.")
        Setting.noEffect(
            "prometheus-username-labels", .flag, "Whoever can make up user names could fill the memory with labels.")
        Setting.notBuilt("prometheus-tls", .flag, "Metrics over HTTPS.")
        Setting.notBuilt("prometheus-cert", .path, "Certificate chain of the metrics, PEM.")
        Setting.notBuilt("prometheus-key", .path, "Private key of the metrics, PEM.")
        Setting.noEffect("web-admin", .flag, "The admin interface has pages: admin-address.")
        Setting.noEffect("web-admin-ip", .address, "admin-address takes its place.")
        Setting.noEffect("web-admin-port", .port, "admin-port takes its place.")
        Setting.noEffect("web-admin-listen-on-workers", .flag, "The admin interface is never on the TURN ports.")
        Setting.noEffect("cli", .flag, "There is no telnet console; the admin interface takes its place.")
        Setting.noEffect("cli-ip", .address, "There is no telnet console; see admin-address.")
        Setting.noEffect("cli-port", .port, "There is no telnet console; see admin-port.")
        Setting.noEffect(
            "cli-password", .text("<password>").secret, "There is no telnet console; see admin-token-file.")
        Setting.noEffect("cli-max-output-sessions", .count, "There is no telnet console; lists come in pages.")
        Setting.always("no-cli", .flag, "There is no telnet console.")
    }
}
