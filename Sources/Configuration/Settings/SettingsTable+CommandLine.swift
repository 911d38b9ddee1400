extension SettingsTable {
    /// What only the command line can ask for.
    static let commandLine = SettingSection(
        "Command line",
        "Only on the command line. Without -c and -n the first of these files is read, as in coturn: "
            + ConfigurationLoader.searchPath.joined(separator: ", ") + "."
    ) {
        Setting.command("config", .path, .configurationFile, short: "c", "Configuration file to read.")
        Setting.command("no-config", .flag, .noConfigurationFile, short: "n", "Read no configuration file.")
        Setting.command("check-config", .flag, .checkConfiguration, "Report on the configuration and stop.")
        Setting.command("help", .flag, .help, short: "h", "Show this text and stop.")
        Setting.command("version", .flag, .version, "Show the version and stop.")
    }
}
