import Configuration
package import Logging
package import Relay

/// What the routes work on: the running server, and what the daemon lets them do with the process.
package struct Administration: Sendable {
    /// What this program is.
    package let version: String
    /// The relaying server.
    package let server: RelayServer
    /// Reads and sets the lowest level that is logged.
    package let logLevel: LogLevelSwitch
    /// Reads the configuration again.
    package let reload: @Sendable () async -> ReloadOutcome
    /// Where browsers find each other for a call.
    let rooms = Rooms()

    /// Joins the parts.
    package init(
        version: String, server: RelayServer, logLevel: LogLevelSwitch,
        reload: @escaping @Sendable () async -> ReloadOutcome
    ) {
        self.version = version
        self.server = server
        self.logLevel = logLevel
        self.reload = reload
    }

    /// What the server runs with at the moment.
    var configuration: ServerConfiguration { server.configuration }

    var control: RelayControl { server.control }
}

/// The lowest level that is logged.
package struct LogLevelSwitch: Sendable {
    /// Tells it.
    package let read: @Sendable () -> Logger.Level
    /// Sets it.
    package let write: @Sendable (Logger.Level) -> Void

    /// Joins the two.
    package init(read: @escaping @Sendable () -> Logger.Level, write: @escaping @Sendable (Logger.Level) -> Void) {
        self.read = read
        self.write = write
    }
}

/// What came of reading the configuration again.
package struct ReloadOutcome: Sendable {
    /// Whether the new configuration is in force; otherwise nothing has changed.
    package var isApplied: Bool
    /// Names of settings that are in force now.
    package var changed: [String] = []
    /// Names of settings that have changed but wait for a restart.
    package var needsRestart: [String] = []
    /// What is wrong, with file and line.
    package var problems: [String] = []

    /// An outcome without details.
    package init(isApplied: Bool) {
        self.isApplied = isApplied
    }
}
