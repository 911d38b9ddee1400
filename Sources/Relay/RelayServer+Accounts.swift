package import Accounts
import Configuration
import Synchronization

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

    /// The user names that are refused.
    package var revocations: Revocations { fixture.revocations }
}
