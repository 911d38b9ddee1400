import Configuration
import Database
import TURN

extension RelayServer {
    /// What a reload leaves alone: it was bound, or handed to clients, at start.
    struct Fixture: Sendable {
        let addressing: RelayAddressing
        let software: [UInt8]
        let workers: Int
        let keys = ProcessKeys()

        /// The settings of each worker's engine.
        func engineSettings(_ configuration: ServerConfiguration, _ database: DatabaseSnapshot) -> EngineSettings {
            var settings = EngineSettings(configuration, addressing, software: software, keys: keys, database: database)
            settings.shareErrorReplies(among: workers)
            return settings
        }
    }

    /// What a reload changes.
    struct Running: Sendable {
        var configuration: ServerConfiguration
        var database: DatabaseSnapshot
        /// Looks after alternate servers; nil where there are none.
        var probe: Companion?
        /// Looks after the user database; nil where there is none.
        var watch: Companion?
        /// Whether anybody could log in at some time, and may have sessions.
        var hasServed: Bool

        init(_ configuration: ServerConfiguration, _ database: DatabaseSnapshot) {
            self.configuration = configuration
            self.database = database
            hasServed = configuration.relayAccess == .credentials
        }
    }
}
