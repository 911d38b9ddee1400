package import Accounts
import Configuration
package import Database
import Logging
import Synchronization
import Timing
import Transport

// Accounts that come and go while the server runs. The workers get them as they get a reloaded configuration.

extension RelayServer {
    /// What was added so far.
    package var addedAccounts: AddedAccounts { running.withLock { $0.added } }

    /// Changes what was added, and has the workers follow.
    package func changeAccounts(
        _ change: (inout AddedAccounts) throws(AddedAccounts.Failure) -> Void
    ) throws(AddedAccounts.Failure) {
        try running.withLock { running throws(AddedAccounts.Failure) in
            guard !running.configuration.noAuth, !running.configuration.stunOnly else { throw .notInUse }
            guard !running.configuration.realm.isEmpty else { throw .noRealm }
            try change(&running.added)
            tell(&running)
        }
    }

    /// Lets go of added secrets whose time is over.
    package func expireSecrets(unixSeconds: Int64) {
        running.withLock { running in
            guard running.added.hasExpired(unixSeconds: unixSeconds) else { return }
            running.added.expireSecrets(unixSeconds: unixSeconds)
            tell(&running)
        }
    }

    // MARK: - Database

    /// Reads the user database now and not only when its watch looks again: what was written before holds when this
    /// returns. Without a database it does nothing.
    package func readDatabase() throws(DatabaseError) {
        let (path, reading) = running.withLock { ($0.configuration.userDatabase, $0.readings.begin()) }
        guard let path else { return }
        let now = SystemClock.moment().unixSeconds
        adopt(try UserDatabase(reading: path).snapshot(unixSeconds: now), of: reading, from: path)
    }

    /// Takes over what a reading of the database at `path` has found.
    func adopt(_ database: DatabaseSnapshot, of reading: UInt64, from path: String) {
        running.withLock { running in
            // A watch that was told to stop may have been reading still, or another reading have overtaken this one.
            guard running.configuration.userDatabase == path, running.readings.use(reading) else { return }
            running.database = database
            tell(&running)
        }
        logger.info("user database read", metadata: database.figures)
    }

    // MARK: - Revocations

    /// The user names that are refused.
    package var revocations: Revocations { fixture.revocations }
}
