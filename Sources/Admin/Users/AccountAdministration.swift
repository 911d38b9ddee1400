import Accounts
import Configuration
import Database
import HTTPTypes
import Relay

/// Changes users and secrets where they are kept: in the database where there is one, otherwise in memory. What the
/// configuration file says is changed there and nowhere else.
struct AccountAdministration: Sendable {
    private let server: RelayServer
    private let configuration: ServerConfiguration
    /// The file of the user database.
    private let database: String?

    init(_ administration: Administration) {
        server = administration.server
        configuration = server.configuration
        database = configuration.userDatabase
    }

    private var source: Source { database == nil ? .memory : .database }

    /// The realm that is meant where none is named, or the one that is.
    func realm(_ name: String?) throws(Problem) -> [UInt8] {
        guard let name else { return configuration.realm }
        let realm = Array(name.utf8)
        guard database != nil || realm == configuration.realm else { throw .conflict("there is no realm \(name)") }
        return realm
    }

    // MARK: - Users

    func users() throws(Problem) -> [UserBody] {
        let realm = configuration.realm
        var bodies = configuration.users.map { body(of: $0.name, realm, .configuration) }
        bodies += server.addedAccounts.users.keys.map { body(of: $0, realm, .memory) }
        bodies += try read { database throws(DatabaseError) in try database.users(of: realm) }
            .map { body(of: $0, realm, .database) }
        return bodies.sorted { $0.name < $1.name }
    }

    func addUser(_ name: [UInt8], password: [UInt8], realm: [UInt8]) throws(Problem) -> UserBody {
        try checkIsNotConfigured(name)
        if database == nil {
            try change("user") { accounts throws(AddedAccounts.Failure) in
                try accounts.add(StaticUser(name: name, secret: .password(password)))
            }
        } else {
            let known = try read { database throws(DatabaseError) in try database.users(of: realm) }
            guard !known.contains(name) else { throw Problem(.exists, "user") }
            try write { database throws(DatabaseError) in
                try database.addUser(name, realm: realm, password: password)
            }
        }
        return body(of: name, realm, source)
    }

    func setPassword(_ password: [UInt8], of name: [UInt8], realm: [UInt8]) throws(Problem) -> UserBody {
        try checkIsNotConfigured(name)
        if database == nil {
            try change("user") { accounts throws(AddedAccounts.Failure) in
                try accounts.replace(StaticUser(name: name, secret: .password(password)))
            }
        } else {
            let known = try read { database throws(DatabaseError) in try database.users(of: realm) }
            guard known.contains(name) else { throw Problem(.missing, "user") }
            try write { database throws(DatabaseError) in
                try database.addUser(name, realm: realm, password: password)
            }
        }
        return body(of: name, realm, source)
    }

    func removeUser(_ name: [UInt8], realm: [UInt8]) throws(Problem) {
        try checkIsNotConfigured(name)
        if database == nil {
            try change("user") { accounts throws(AddedAccounts.Failure) in try accounts.removeUser(name) }
        } else {
            let isGone = try write { database throws(DatabaseError) in try database.deleteUser(name, realm: realm) }
            guard isGone else { throw Problem(.missing, "user") }
        }
    }

    private func checkIsNotConfigured(_ name: [UInt8]) throws(Problem) {
        guard !configuration.users.contains(where: { $0.name == name }) else { throw .configured("user") }
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

    func secrets() throws(Problem) -> [KnownSecret] {
        let realm = configuration.realm
        let configured = configuration.staticAuthSecrets.map {
            KnownSecret(value: $0, source: .configuration, expiry: nil)
        }
        let stored = try read { database throws(DatabaseError) in try database.secrets(of: realm) }
            .map { KnownSecret(value: $0, source: .database, expiry: nil) }
        let added = server.addedAccounts.secrets.map {
            KnownSecret(value: $0.value, source: .memory, expiry: $0.expiry)
        }
        return configured + stored + added
    }

    func addSecret(_ value: [UInt8], realm: [UInt8]) throws(Problem) -> Source {
        guard try !secrets().contains(where: { $0.value == value }) else { throw Problem(.exists, "secret") }
        if database == nil {
            try change("secret") { accounts throws(AddedAccounts.Failure) in try accounts.add(secret: value) }
        } else {
            try write { database throws(DatabaseError) in try database.addSecret(value, realm: realm) }
        }
        return source
    }

    func remove(_ secret: KnownSecret) throws(Problem) {
        let realm = configuration.realm
        switch secret.source {
        case .configuration: throw .configured("secret")
        case .memory:
            try change("secret") { accounts throws(AddedAccounts.Failure) in try accounts.removeSecret(secret.value) }
        case .database:
            let isGone = try write { database throws(DatabaseError) in
                try database.deleteSecret(secret.value, realm: realm)
            }
            guard isGone else { throw Problem(.missing, "secret") }
        }
    }

    /// Adds a secret in the place of one that stays good until `expiry`.
    func rotate(_ secret: KnownSecret, to successor: [UInt8], expiry: Int64) throws(Problem) -> Source {
        switch secret.source {
        case .configuration: throw .configured("secret")
        case .database:
            throw .conflict("the database keeps no end of a secret: add one, and delete the old one in time")
        case .memory:
            try change("secret") { accounts throws(AddedAccounts.Failure) in
                try accounts.rotate(secret.value, to: successor, expiry: expiry)
            }
            return .memory
        }
    }

    // MARK: - Places

    private func change(
        _ what: String, _ body: (inout AddedAccounts) throws(AddedAccounts.Failure) -> Void
    ) throws(Problem) {
        do throws(AddedAccounts.Failure) {
            try server.changeAccounts(body)
        } catch {
            throw Problem(error, what)
        }
    }

    private func read(
        _ body: (borrowing UserDatabase) throws(DatabaseError) -> [[UInt8]]
    ) throws(Problem) -> [[UInt8]] {
        guard let database, UserDatabase.exists(database) else { return [] }
        do throws(DatabaseError) {
            return try body(UserDatabase(reading: database))
        } catch {
            throw Problem(error)
        }
    }

    @discardableResult
    private func write<Result>(
        _ body: (borrowing UserDatabase) throws(DatabaseError) -> Result
    ) throws(Problem) -> Result {
        do throws(DatabaseError) {
            return try body(UserDatabase(writing: database ?? ""))
        } catch {
            throw Problem(error)
        }
    }
}

extension Problem {
    fileprivate static func configured(_ what: String) -> Problem {
        .conflict("the configuration file says this \(what): change it there, and reload")
    }

    fileprivate init(_ failure: AddedAccounts.Failure, _ what: String) {
        switch failure {
        case .notInUse: self = .conflict("the server asks nobody for credentials (no-auth, stun-only)")
        case .noRealm: self = .conflict("the server has no realm; keys are made with it")
        case .exists: self = .conflict("there is such a \(what) already")
        case .missing: self = .missing("there is no such \(what)")
        case .full: self = .conflict("there is no room for another \(what)")
        }
    }

    fileprivate init(_ error: DatabaseError) {
        self = Problem(.serviceUnavailable, "the user database: \(error)")
    }
}
