package import Accounts

/// Users and secrets that an operator added while the server runs. They are kept in memory, and live through reloads.
package struct AddedAccounts: Sendable {
    /// A secret, and how long it is good.
    package struct Secret: Sendable, Equatable {
        /// The secret.
        package let value: [UInt8]
        /// The last second, since 1970-01-01 UTC, at which it is good; nil where it stays.
        package var expiry: Int64?
    }

    /// Why accounts stay as they are.
    package enum Failure: Error {
        /// The server asks nobody for credentials, or relays for nobody, whatever accounts there are.
        case notInUse
        /// REALM is not configured, and without it no key can be made.
        case noRealm
        /// There is such a user or secret already.
        case exists
        /// There is none such.
        case missing
        /// There are too many already.
        case full
    }

    /// How many users, and how many secrets, there can be.
    private static let capacity = (users: 100_000, secrets: 64)

    /// The users by name.
    package private(set) var users: [[UInt8]: StaticUser] = [:]
    /// The secrets, the oldest first.
    package private(set) var secrets: [Secret] = []

    /// Whether there are none.
    var isEmpty: Bool { users.isEmpty && secrets.isEmpty }

    /// Adds a user.
    package mutating func add(_ user: StaticUser) throws(Failure) {
        guard users[user.name] == nil else { throw .exists }
        guard users.count < Self.capacity.users else { throw .full }
        users[user.name] = user
    }

    /// Gives a user another password.
    package mutating func replace(_ user: StaticUser) throws(Failure) {
        guard users[user.name] != nil else { throw .missing }
        users[user.name] = user
    }

    /// Takes a user out, who opens no new session. To end those that are there is another thing.
    package mutating func removeUser(_ name: [UInt8]) throws(Failure) {
        guard users.removeValue(forKey: name) != nil else { throw .missing }
    }

    /// Adds a secret.
    package mutating func add(secret value: [UInt8]) throws(Failure) {
        guard !secrets.contains(where: { $0.value == value }) else { throw .exists }
        guard secrets.count < Self.capacity.secrets else { throw .full }
        secrets.append(Secret(value: value))
    }

    /// Takes a secret out.
    package mutating func removeSecret(_ value: [UInt8]) throws(Failure) {
        guard let index = secrets.firstIndex(where: { $0.value == value }) else { throw .missing }
        secrets.remove(at: index)
    }

    /// Adds a secret in the place of one that stays good until `expiry`.
    package mutating func rotate(_ value: [UInt8], to successor: [UInt8], expiry: Int64) throws(Failure) {
        guard let index = secrets.firstIndex(where: { $0.value == value }) else { throw .missing }
        guard secrets.count < Self.capacity.secrets else { throw .full }
        secrets[index].expiry = expiry
        secrets.append(Secret(value: successor))
    }

    /// Takes out the secrets whose time is over.
    mutating func expireSecrets(unixSeconds: Int64) { secrets.removeAll { unixSeconds > $0.expiry ?? .max } }

    /// Whether there are secrets whose time is over.
    func hasExpired(unixSeconds: Int64) -> Bool { secrets.contains { unixSeconds > $0.expiry ?? .max } }
}
