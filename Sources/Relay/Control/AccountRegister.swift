package import Accounts
import Synchronization
package import TURN

/// All accounts of the server: those of the configuration, and those that an operator added while it runs. The workers get
/// snapshots of it.
package final class AccountRegister: Sendable {
    /// A user name that is refused.
    package typealias Revocation = Revocations.Entry

    /// A secret that was added while the server runs, or one of the configuration.
    package struct Secret: Sendable, Equatable {
        /// The secret.
        package let value: [UInt8]
        /// Whether the configuration says it.
        package let isConfigured: Bool
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
        /// The configuration says it, and is the place to change it.
        case configured
        /// There are too many already.
        case full
    }

    private struct State {
        var configuredUsers: [StaticUser]
        var addedUsers: [[UInt8]: StaticUser] = [:]
        var secrets: [Secret]
        var current: EngineSettings.Authentication

        func isConfigured(_ name: [UInt8]) -> Bool { configuredUsers.contains { $0.name == name } }

        func changeableSecret(_ value: [UInt8]) throws(Failure) -> Int {
            guard let index = secrets.firstIndex(where: { $0.value == value }) else { throw .missing }
            guard !secrets[index].isConfigured else { throw .configured }
            return index
        }
    }

    /// How many users, and how many secrets, can be added.
    private static let capacity = (users: 100_000, secrets: 64)

    /// The realm of all accounts.
    package let realm: [UInt8]
    private let separator: UInt8
    private let takesAccounts: Bool
    private let state: Mutex<State>
    /// The user names that are refused.
    package let revocations = Revocations()

    /// The accounts of a configuration.
    ///
    /// - Parameter takesAccounts: whether accounts are asked for at all: false with `no-auth` and `stun-only`.
    init(
        realm: [UInt8], users: [StaticUser], secrets: [[UInt8]], separator: UInt8, takesAccounts: Bool,
        authentication: EngineSettings.Authentication
    ) {
        self.realm = realm
        self.separator = separator
        self.takesAccounts = takesAccounts
        state = Mutex(
            State(
                configuredUsers: users, secrets: secrets.map { Secret(value: $0, isConfigured: true) },
                current: authentication))
    }

    /// How the workers authenticate, with all accounts there are.
    package var authentication: EngineSettings.Authentication { state.withLock { $0.current } }

    /// The accounts as the workers know them; nil when nobody is asked for credentials.
    package var accounts: Accounts? {
        guard case .longTerm(let accounts) = authentication else { return nil }
        return accounts
    }

    // MARK: - Users

    /// The names of all users, and whether the configuration says them.
    package var users: [(name: [UInt8], isConfigured: Bool)] {
        let (configured, added) = state.withLock { ($0.configuredUsers.map(\.name), Array($0.addedUsers.keys)) }
        var seen: Set<[UInt8]> = []
        return (configured.filter { seen.insert($0).inserted }.map { ($0, true) } + added.map { ($0, false) })
            .sorted { $0.0.lexicographicallyPrecedes($1.0) }
    }

    /// Adds a user.
    package func add(_ user: StaticUser) throws(Failure) {
        try change { state throws(Failure) in
            guard state.addedUsers[user.name] == nil, !state.isConfigured(user.name) else { throw .exists }
            guard state.addedUsers.count < Self.capacity.users else { throw .full }
            state.addedUsers[user.name] = user
        }
    }

    /// Gives a user another password.
    package func replace(_ user: StaticUser) throws(Failure) {
        try change { state throws(Failure) in
            guard !state.isConfigured(user.name) else { throw .configured }
            guard state.addedUsers[user.name] != nil else { throw .missing }
            state.addedUsers[user.name] = user
        }
    }

    /// Takes a user out. Sessions of that name go on.
    package func removeUser(_ name: [UInt8]) throws(Failure) {
        try change { state throws(Failure) in
            guard !state.isConfigured(name) else { throw .configured }
            guard state.addedUsers.removeValue(forKey: name) != nil else { throw .missing }
        }
    }

    // MARK: - Secrets

    /// All secrets.
    package var secrets: [Secret] { state.withLock { $0.secrets } }

    /// Adds a secret.
    package func add(secret value: [UInt8]) throws(Failure) {
        try change { state throws(Failure) in
            guard !state.secrets.contains(where: { $0.value == value }) else { throw .exists }
            guard state.secrets.count < Self.capacity.secrets else { throw .full }
            state.secrets.append(Secret(value: value, isConfigured: false))
        }
    }

    /// Takes a secret out.
    package func removeSecret(_ value: [UInt8]) throws(Failure) {
        try change { state throws(Failure) in
            let index = try state.changeableSecret(value)
            state.secrets.remove(at: index)
        }
    }

    /// Puts a new secret in the place of one that stays good until `expiry`.
    package func rotate(_ value: [UInt8], to successor: [UInt8], expiry: Int64) throws(Failure) {
        try change { state throws(Failure) in
            let index = try state.changeableSecret(value)
            guard state.secrets.count < Self.capacity.secrets else { throw .full }
            state.secrets[index].expiry = expiry
            state.secrets.append(Secret(value: successor, isConfigured: false))
        }
    }

    /// Takes out the secrets whose time is over; whether there were any.
    package func expireSecrets(unixSeconds: Int64) -> Bool {
        state.withLock { state in
            let count = state.secrets.count
            state.secrets.removeAll { unixSeconds > $0.expiry ?? .max }
            guard state.secrets.count < count else { return false }
            state.current = snapshot(state)
            return true
        }
    }

    // MARK: - Change

    private func change(_ body: (inout State) throws(Failure) -> Void) throws(Failure) {
        guard takesAccounts else { throw .notInUse }
        guard !realm.isEmpty else { throw .noRealm }
        let result = state.withLock { state in
            Result { () throws(Failure) in
                try body(&state)
                state.current = snapshot(state)
            }
        }
        try result.get()
    }

    private func snapshot(_ state: State) -> EngineSettings.Authentication {
        .longTerm(
            Accounts(
                realm: realm, users: state.configuredUsers + state.addedUsers.values, secrets: state.secrets.map(\.value),
                restSeparator: separator))
    }
}
