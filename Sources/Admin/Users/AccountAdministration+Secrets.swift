import Accounts
import Configuration
import Database
import Relay

// Secrets: of the configuration file, of the user database, and those kept in memory where there is none.

extension AccountAdministration {
    /// A secret with its value, which stays in here.
    struct KnownSecret: Sendable {
        let value: [UInt8]
        let realm: [UInt8]
        let source: Source
        let expiry: Int64?
    }

    /// The secrets of a realm. Those of the configuration file hold in each.
    func secrets(of realm: [UInt8]) throws(Problem) -> [KnownSecret] {
        let configured = configuration.staticAuthSecrets.map {
            KnownSecret(value: $0, realm: realm, source: .configuration, expiry: nil)
        }
        let stored = try read { database throws(DatabaseError) in try database.secrets(of: realm) }
            .map { KnownSecret(value: $0.value, realm: realm, source: .database, expiry: $0.end) }
        guard realm == configuration.realm else { return configured + stored }
        let added = server.addedAccounts.secrets.map {
            KnownSecret(value: $0.value, realm: realm, source: .memory, expiry: $0.expiry)
        }
        return configured + stored + added
    }

    func addSecret(_ value: [UInt8], realm: [UInt8]) throws(Problem) -> Source {
        guard try !secrets(of: realm).contains(where: { $0.value == value }) else { throw Problem(.exists, "secret") }
        if database == nil {
            try change("secret") { accounts throws(AddedAccounts.Failure) in try accounts.add(secret: value) }
        } else {
            try write { database throws(DatabaseError) in try database.addSecret(value, realm: realm) }
        }
        return source
    }

    func remove(_ secret: KnownSecret) throws(Problem) {
        switch secret.source {
        case .configuration: throw .configured("secret")
        case .memory:
            try change("secret") { accounts throws(AddedAccounts.Failure) in try accounts.removeSecret(secret.value) }
        case .database:
            let isGone = try write { database throws(DatabaseError) in
                try database.deleteSecret(secret.value, realm: secret.realm)
            }
            guard isGone else { throw Problem(.missing, "secret") }
        }
    }

    /// Adds a secret in the place of one that stays good until `expiry`.
    func rotate(_ secret: KnownSecret, to successor: [UInt8], expiry: Int64) throws(Problem) {
        switch secret.source {
        case .configuration: throw .configured("secret")
        case .memory:
            try change("secret") { accounts throws(AddedAccounts.Failure) in
                try accounts.rotate(secret.value, to: successor, expiry: expiry)
            }
        case .database:
            let isThere = try write { database throws(DatabaseError) in
                try database.rotateSecret(secret.value, to: successor, end: expiry, realm: secret.realm)
            }
            guard isThere else { throw Problem(.missing, "secret") }
        }
    }
}
