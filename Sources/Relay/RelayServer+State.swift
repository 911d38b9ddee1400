import Accounts
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
        let revocations = Revocations()

        /// The settings of each worker's engine.
        func engineSettings(
            _ configuration: ServerConfiguration, _ database: DatabaseSnapshot, _ added: AddedAccounts
        ) -> EngineSettings {
            var settings = EngineSettings(
                configuration, addressing, software: software, keys: keys, database: database, added: added)
            settings.revocations = revocations
            settings.shareErrorReplies(among: workers)
            return settings
        }
    }

    /// What a reload changes.
    struct Running: Sendable {
        var configuration: ServerConfiguration
        var database: DatabaseSnapshot
        /// The readings of it, by the watch and in between.
        var readings = DatabaseReadings()
        /// What an operator has added while the server ran.
        var added = AddedAccounts()
        /// Looks after alternate servers; nil where there are none.
        var probe: Companion?
        /// Which probe is listened to: one that was told to stop, or never came to be in use, may still have something to
        /// say.
        var probeEpoch: UInt64 = 0
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
