import Accounts
import HTTPTypes
import Relay

/// Changes users and secrets where they are kept: in the database where there is one, otherwise in memory. What the
/// configuration file says is changed there and nowhere else.
struct AccountAdministration: Sendable {
    private let control: RelayControl
    private let store: (any UserStore)?

    init(_ administration: Administration) {
        control = administration.control
        store = administration.store
    }

    private var register: AccountRegister { control.accounts }
    private var source: Source { store == nil ? .memory : .database }

    /// The realm that is meant where none is named, or the one that is.
    func realm(_ name: String?) throws(Problem) -> [UInt8] {
        guard let name, store == nil else { return name.map { Array($0.utf8) } ?? register.realm }
        guard Array(name.utf8) == register.realm else { throw .conflict("there is no realm \(name)") }
        return register.realm
    }

    // MARK: - Users

    func users() async throws(Problem) -> [UserBody] {
        let realm = register.realm
        var bodies = register.users.map { body(of: $0.name, realm, $0.isConfigured ? .configuration : .memory) }
        if let store {
            let names = try await ask { () throws(UserStoreError) in try await store.users(realm: realm) }
            bodies += names.map { body(of: $0, realm, .database) }
        }
        return bodies
    }

    func addUser(_ name: [UInt8], password: [UInt8], realm: [UInt8]) async throws(Problem) -> UserBody {
        if let store {
            guard !isConfigured(name) else { throw .configured("user") }
            try await ask { () throws(UserStoreError) in
                try await store.addUser(name, password: password, realm: realm)
            }
        } else {
            try change("user") { () throws(AccountRegister.Failure) in
                try register.add(StaticUser(name: name, secret: .password(password)))
            }
        }
        return body(of: name, realm, source)
    }

    func setPassword(_ password: [UInt8], of name: [UInt8], realm: [UInt8]) async throws(Problem) -> UserBody {
        if let store {
            guard !isConfigured(name) else { throw .configured("user") }
            try await ask { () throws(UserStoreError) in
                try await store.setPassword(password, of: name, realm: realm)
            }
        } else {
            try change("user") { () throws(AccountRegister.Failure) in
                try register.replace(StaticUser(name: name, secret: .password(password)))
            }
        }
        return body(of: name, realm, source)
    }

    func removeUser(_ name: [UInt8], realm: [UInt8]) async throws(Problem) {
        if let store {
            guard !isConfigured(name) else { throw .configured("user") }
            try await ask { () throws(UserStoreError) in try await store.removeUser(name, realm: realm) }
        } else {
            try change("user") { () throws(AccountRegister.Failure) in try register.removeUser(name) }
        }
    }

    private func isConfigured(_ name: [UInt8]) -> Bool {
        register.users.contains { $0.isConfigured && $0.name == name }
    }

    private func body(of name: [UInt8], _ realm: [UInt8], _ source: Source) -> UserBody {
        UserBody(name: Names.text(name), realm: Names.text(realm), source: source)
    }

    // MARK: - Secrets

    /// A secret with its value, which stays in here.
    struct KnownSecret: Sendable {
        let value: [UInt8]
        let source: Source
        let expiry: Int64?
    }

    func secrets() async throws(Problem) -> [KnownSecret] {
        let realm = register.realm
        var secrets = register.secrets.map {
            KnownSecret(value: $0.value, source: $0.isConfigured ? .configuration : .memory, expiry: $0.expiry)
        }
        if let store {
            let values = try await ask { () throws(UserStoreError) in try await store.secrets(realm: realm) }
            secrets += values.map { KnownSecret(value: $0, source: .database, expiry: nil) }
        }
        return secrets
    }

    func addSecret(_ value: [UInt8], realm: [UInt8]) async throws(Problem) -> Source {
        if let store {
            try await ask { () throws(UserStoreError) in try await store.addSecret(value, realm: realm) }
        } else {
            try change("secret") { () throws(AccountRegister.Failure) in try register.add(secret: value) }
        }
        return source
    }

    func remove(_ secret: KnownSecret) async throws(Problem) {
        let realm = register.realm
        switch (secret.source, store) {
        case (.configuration, _): throw .configured("secret")
        case (.database, let store?):
            try await ask { () throws(UserStoreError) in try await store.removeSecret(secret.value, realm: realm) }
        default:
            try change("secret") { () throws(AccountRegister.Failure) in try register.removeSecret(secret.value) }
        }
    }

    /// Adds a secret in the place of one that stays good until `expiry`.
    func rotate(_ secret: KnownSecret, to successor: [UInt8], expiry: Int64) throws(Problem) -> Source {
        switch secret.source {
        case .configuration: throw .configured("secret")
        case .database:
            throw .conflict("a database keeps no end of a secret: add one, and delete the old one when its time has come")
        case .memory:
            try change("secret") { () throws(AccountRegister.Failure) in
                try register.rotate(secret.value, to: successor, expiry: expiry)
            }
            return .memory
        }
    }

    // MARK: - Errors

    private func change(_ what: String, _ body: () throws(AccountRegister.Failure) -> Void) throws(Problem) {
        do throws(AccountRegister.Failure) {
            try body()
        } catch {
            throw Problem(error, what)
        }
        control.useAccounts()
    }

    private func ask<Answer: Sendable>(
        _ body: () async throws(UserStoreError) -> Answer
    ) async throws(Problem) -> Answer {
        do throws(UserStoreError) {
            return try await body()
        } catch {
            throw Problem(error)
        }
    }
}

extension Problem {
    fileprivate static func configured(_ what: String) -> Problem {
        .conflict("the configuration file says this \(what): change it there, and reload")
    }

    fileprivate init(_ failure: AccountRegister.Failure, _ what: String) {
        switch failure {
        case .notInUse: self = .conflict("the server asks nobody for credentials (no-auth, stun-only)")
        case .noRealm: self = .conflict("the server has no realm; keys are made with it")
        case .exists: self = .conflict("there is such a \(what) already")
        case .missing: self = .missing("there is no such \(what)")
        case .configured: self = .configured(what)
        case .full: self = .conflict("there is no room for another \(what)")
        }
    }

    fileprivate init(_ error: UserStoreError) {
        switch error {
        case .exists: self = .conflict("there is such an entry already")
        case .missing: self = .missing("there is no such entry")
        case .unknownRealm: self = .conflict("there is no such realm")
        case .unavailable(let reason): self = Problem(.serviceUnavailable, "the user database: \(reason)")
        }
    }
}
