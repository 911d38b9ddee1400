import Database

/// What is done with a database file, in the words of coturn's turnadmin.
enum DatabaseAction {
    case printKey([UInt8])
    case add(user: [UInt8], realm: [UInt8], password: [UInt8])
    case delete(user: [UInt8], realm: [UInt8])
    case listUsers(realm: [UInt8]?)
    case addSecret([UInt8], realm: [UInt8])
    case deleteSecret([UInt8], realm: [UInt8])
    case deleteAllSecrets(realm: [UInt8])
    case listSecrets(realm: [UInt8]?)
    case addOrigin([UInt8], realm: [UInt8])
    case deleteOrigin([UInt8])
    case listOrigins
    case setOptions([(RealmOption, Int)], realm: [UInt8])
    case listOptions(realm: [UInt8]?)

    /// Whether the file stays as it is.
    var isReading: Bool {
        switch self {
        case .printKey, .listUsers, .listSecrets, .listOrigins, .listOptions: true
        default: false
        }
    }

    /// What reading actions print, as coturn does: `alice[example.org]`.
    func lines(of database: borrowing UserDatabase) throws(DatabaseError) -> [String] {
        var lines: [String] = []
        switch self {
        case .listUsers(let realm):
            for realm in try realms(realm, database) {
                lines += try database.users(of: realm).map { "\(Self.text($0))[\(Self.text(realm))]" }
            }
        case .listSecrets(let realm):
            for realm in try realms(realm, database) {
                lines += try database.secrets(of: realm).map { "\(Self.text($0.value))[\(Self.text(realm))]" }
            }
        case .listOrigins:
            lines = try database.origins().map { "\(Self.text($0)) ==>> \(Self.text($1))" }.sorted()
        case .listOptions(let realm):
            for realm in try realms(realm, database) {
                let options = try database.options(of: realm)
                lines += options.map { "\($0.rawValue)[\(Self.text(realm))]=\($1)" }.sorted()
            }
        default: break
        }
        return lines
    }

    /// Does what changes the file.
    func change(_ database: borrowing UserDatabase) throws(DatabaseError) {
        switch self {
        case .add(let user, let realm, let password): try database.addUser(user, realm: realm, password: password)
        case .delete(let user, let realm): try database.deleteUser(user, realm: realm)
        case .addSecret(let secret, let realm): try database.addSecret(secret, realm: realm)
        case .deleteSecret(let secret, let realm): try database.deleteSecret(secret, realm: realm)
        case .deleteAllSecrets(let realm): try database.deleteAllSecrets(realm: realm)
        case .addOrigin(let origin, let realm): try database.addOrigin(origin, realm: realm)
        case .deleteOrigin(let origin): try database.deleteOrigin(origin)
        case .setOptions(let options, let realm):
            for (option, value) in options { try database.set(option, to: value == 0 ? nil : value, realm: realm) }
        default: break
        }
    }

    /// The one that is named, or all.
    private func realms(
        _ named: [UInt8]?, _ database: borrowing UserDatabase
    ) throws(DatabaseError) -> [[UInt8]] {
        if let named { return [named] }
        return try database.realms()
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
