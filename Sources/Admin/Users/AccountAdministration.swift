import Accounts
import Configuration
import Database
import HTTPTypes
import Relay

/// Changes users and secrets where they are kept: in the database where there is one, otherwise in memory. What the
/// configuration file says is changed there and nowhere else.
struct AccountAdministration: Sendable {
    let server: RelayServer
    let configuration: ServerConfiguration
    /// The file of the user database.
    let database: String?

    init(_ administration: Administration) {
        server = administration.server
        configuration = server.configuration
        database = configuration.userDatabase
    }

    var source: Source { database == nil ? .memory : .database }

    /// The realm that is meant where none is named, or the one that is.
    func realm(_ name: String?) throws(Problem) -> [UInt8] {
        guard let name else { return configuration.realm }
        let realm = Array(name.utf8)
        guard database != nil || realm == configuration.realm else { throw .conflict("there is no realm \(name)") }
        return realm
    }

    // MARK: - Users

    func users(of realm: [UInt8]) throws(Problem) -> [UserBody] {
        var bodies: [UserBody] = []
        if realm == configuration.realm {
            bodies += configuration.users.map { body(of: $0.name, realm, .configuration) }
            bodies += server.addedAccounts.users.keys.map { body(of: $0, realm, .memory) }
        }
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

    // MARK: - Places

    func change(
        _ what: String, _ body: (inout AddedAccounts) throws(AddedAccounts.Failure) -> Void
    ) throws(Problem) {
        do throws(AddedAccounts.Failure) {
            try server.changeAccounts(body)
        } catch {
            throw Problem(error, what)
        }
    }

    func read<Element>(
        _ body: (borrowing UserDatabase) throws(DatabaseError) -> [Element]
    ) throws(Problem) -> [Element] {
        guard let database, UserDatabase.exists(database) else { return [] }
        do throws(DatabaseError) {
            return try body(UserDatabase(reading: database))
        } catch {
            throw Problem(error)
        }
    }

    /// Changes the database, and has the workers follow before anybody is told: a session that is ended then cannot be
    /// opened again by what was written over.
    @discardableResult
    func write<Result>(
        _ body: (borrowing UserDatabase) throws(DatabaseError) -> Result
    ) throws(Problem) -> Result {
        do throws(DatabaseError) {
            let result = try body(UserDatabase(writing: database ?? ""))
            try server.readDatabase()
            return result
        } catch {
            throw Problem(error)
        }
    }
}

extension Problem {
    static func configured(_ what: String) -> Problem {
        .conflict("the configuration file says this \(what): change it there, and reload")
    }

    init(_ failure: AddedAccounts.Failure, _ what: String) {
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
