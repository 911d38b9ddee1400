import ArgumentParser
import Cryptography
import Database

/// coturn's turnadmin: the same options, on a SQLite file.
struct DatabaseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "database",
        abstract: "Keep users, secrets, origins and options of realms in a database file; coturn's options.",
        discussion: "The word may be left out: turnadmin -a -u alice -r example.org -p secret -b FILE")

    @Flag(name: [.customShort("a"), .customLong("add")], help: "Add a user, or change the password.") var add = false
    @Flag(name: [.customShort("d"), .customLong("delete")], help: "Delete a user.") var delete = false
    @Flag(name: [.customShort("l"), .customLong("list")], help: "List users.") var list = false
    @Flag(name: [.customShort("k"), .customLong("key")], help: "Print the long-term key of a user.") var key = false
    @Option(name: [.customShort("s"), .customLong("set-secret")], help: "Add a secret of the TURN REST API.")
    var setSecret: String?
    @Flag(name: [.customShort("S"), .customLong("show-secret")], help: "List secrets.") var showSecret = false
    @Option(name: [.customShort("X"), .customLong("delete-secret")], help: "Delete a secret.") var deleteSecret: String?
    @Flag(help: "Delete all secrets of the realm.") var deleteAllSecrets = false
    @Flag(name: [.customShort("O"), .customLong("add-origin")], help: "Show clients of an origin a realm.")
    var addOrigin = false
    @Flag(name: [.customShort("R"), .customLong("del-origin")], help: "Undo that.") var deleteOrigin = false
    @Flag(name: [.customShort("I"), .customLong("list-origins")], help: "List origins.") var listOrigins = false
    @Flag(name: [.customShort("g"), .customLong("set-realm-option")], help: "Set options of a realm; 0 removes one.")
    var setRealmOption = false
    @Flag(name: [.customShort("G"), .customLong("list-realm-options")], help: "List options of realms.")
    var listRealmOptions = false

    @Option(name: [.customShort("b"), .customLong("db"), .customLong("userdb")], help: "The database file.")
    var file = "/var/lib/turn/turndb"
    @Option(name: .shortAndLong, help: "The user.") var user: String?
    @Option(name: .shortAndLong, help: "The realm.") var realm: String?
    @Option(name: .shortAndLong, help: "The password.") var password: String?
    @Option(name: .shortAndLong, help: "The origin.") var origin: String?
    @Option(help: "Bytes a second of one session.") var maxBps: Int?
    @Option(help: "Allocations of all users.") var totalQuota: Int?
    @Option(help: "Allocations of one user.") var userQuota: Int?

    func run() throws {
        guard let action = try action() else { throw CleanExit.helpRequest(Turnadmin.self) }
        do throws(DatabaseError) {
            try perform(action)
        } catch {
            StandardError.write("turnadmin: \(error)")
            throw ExitCode(1)
        }
    }

    private func perform(_ action: DatabaseAction) throws(DatabaseError) {
        if case .printKey(let key) = action { return print("0x" + Self.hexadecimal(key)) }
        if action.isReading {
            for line in try action.lines(of: UserDatabase(reading: file)) { print(line) }
        } else {
            try action.change(UserDatabase(writing: file))
        }
    }

    private func action() throws -> DatabaseAction? {
        if key { return .printKey(try longTermKey()) }
        if add {
            return .add(
                user: try needed(user, "-u"), realm: try needed(realm, "-r"), password: try needed(password, "-p"))
        }
        if delete { return .delete(user: try needed(user, "-u"), realm: try needed(realm, "-r")) }
        if list { return .listUsers(realm: realm.map { Array($0.utf8) }) }
        if let setSecret { return .addSecret(Array(setSecret.utf8), realm: Array((realm ?? "").utf8)) }
        if let deleteSecret { return .deleteSecret(Array(deleteSecret.utf8), realm: Array((realm ?? "").utf8)) }
        if deleteAllSecrets { return .deleteAllSecrets(realm: Array((realm ?? "").utf8)) }
        if showSecret { return .listSecrets(realm: realm.map { Array($0.utf8) }) }
        if addOrigin { return .addOrigin(try needed(origin, "-o"), realm: try needed(realm, "-r")) }
        if deleteOrigin { return .deleteOrigin(try needed(origin, "-o")) }
        if listOrigins { return .listOrigins }
        if setRealmOption {
            let options = [
                (RealmOption.maximumBytesPerSecond, maxBps), (.totalQuota, totalQuota), (.userQuota, userQuota),
            ]
            return .setOptions(
                options.compactMap { name, value in value.map { (name, $0) } }, realm: try needed(realm, "-r"))
        }
        if listRealmOptions { return .listOptions(realm: realm.map { Array($0.utf8) }) }
        return nil
    }

    private func needed(_ text: String?, _ option: String) throws -> [UInt8] {
        guard let text, !text.isEmpty else { throw ValidationError("\(option) is missing") }
        return Array(text.utf8)
    }

    private func longTermKey() throws -> [UInt8] {
        let (name, realm) = (try needed(user, "-u"), try needed(realm, "-r"))
        let password = try needed(password, "-p")
        guard let key = PasswordAlgorithm.md5.key(username: name, realm: realm, password: password) else {
            throw ValidationError("there is no MD5 on this system")
        }
        return key
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
