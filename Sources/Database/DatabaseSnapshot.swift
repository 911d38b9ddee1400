/// Everything in a user database that logins depend on, at one moment. A value: whoever has it asks nobody.
package struct DatabaseSnapshot: Sendable {
    /// A user and the long-term key in the table.
    package struct User: Sendable {
        /// USERNAME, byte for byte.
        package let name: [UInt8]
        /// 16 bytes made by MD5, 32 by SHA-256.
        package let key: [UInt8]
    }

    /// What one realm has.
    package struct Realm: Sendable {
        /// Its users.
        package internal(set) var users: [User] = []
        /// Its secrets.
        package internal(set) var secrets: [[UInt8]] = []
        /// Its options.
        package internal(set) var options: [RealmOption: Int] = [:]

        /// A realm without anything.
        package init() {}
    }

    /// The realms by name.
    package internal(set) var realms: [[UInt8]: Realm] = [:]
    /// The realms that web pages are shown, by origin.
    package internal(set) var origins: [[UInt8]: [UInt8]] = [:]
    /// Rules about peers.
    package internal(set) var peerRules: [UserDatabase.PeerRule] = []
    /// Keys shared with authorization servers.
    package internal(set) var tokenKeys: [UserDatabase.TokenKey] = []
    /// The last second, since 1970-01-01 UTC, at which all secrets in here are good; nil where each stays.
    package internal(set) var firstSecretEnd: Int64?
    /// Whether there are secrets in the file that are left out, as their time is over.
    package internal(set) var leavesOutSecrets = false
    /// What could not be made sense of and is left out: one line for each row, without any value of it.
    package internal(set) var unusable: [String] = []

    /// An empty one, as when there is no database.
    package init() {}
}

extension UserDatabase {
    /// All tables at one moment: what others write meanwhile is not in it, nor are secrets whose time is over.
    package func snapshot(unixSeconds: Int64) throws(DatabaseError) -> DatabaseSnapshot {
        try connection.transaction("BEGIN") { () throws(DatabaseError) in try read(try tables(), unixSeconds) }
    }

    private func read(_ present: Set<String>, _ unixSeconds: Int64) throws(DatabaseError) -> DatabaseSnapshot {
        var snapshot = DatabaseSnapshot()
        let has = { (table: Table) in present.contains(table.rawValue) }
        if has(.users) { try readUsers(into: &snapshot) }
        if has(.secrets) {
            for (realm, secret) in try secrets(haveEnds: has(.secretEnds)) {
                guard unixSeconds <= secret.end ?? .max else {
                    snapshot.leavesOutSecrets = true
                    continue
                }
                snapshot.realms[realm, default: .init()].secrets.append(secret.value)
                snapshot.firstSecretEnd = [snapshot.firstSecretEnd, secret.end].compactMap(\.self).min()
            }
        }
        if has(.realmOptions) { try readOptions(into: &snapshot) }
        if has(.origins) { snapshot.origins = try origins() }
        for table in [Table.allowedPeers, .deniedPeers] where has(table) {
            snapshot.peerRules += try peerRules(in: table, unusable: &snapshot.unusable)
        }
        if has(.tokenKeys) { snapshot.tokenKeys = try tokenKeys(unusable: &snapshot.unusable) }
        return snapshot
    }

    private func readUsers(into snapshot: inout DatabaseSnapshot) throws(DatabaseError) {
        // Grouped by realm, so that each realm's list grows in one piece.
        var (realm, users): ([UInt8], [DatabaseSnapshot.User]) = ([], [])
        var unusable = 0
        try connection.rows(of: "SELECT realm,name,hmackey FROM \(Table.users.rawValue) ORDER BY realm") { row in
            guard let key = Hexadecimal.decode(row.bytes(2)), [16, 32].contains(key.count) else {
                return unusable += 1
            }
            if row.bytes(0) != realm {
                if !users.isEmpty { snapshot.realms[realm, default: .init()].users = users }
                (realm, users) = (row.bytes(0), [])
            }
            users.append(DatabaseSnapshot.User(name: row.bytes(1), key: key))
        }
        if !users.isEmpty { snapshot.realms[realm, default: .init()].users = users }
        snapshot.unusable += (0..<unusable).map { _ in "\(Table.users.rawValue): no key" }
    }

    private func readOptions(into snapshot: inout DatabaseSnapshot) throws(DatabaseError) {
        try connection.rows(of: "SELECT realm,opt,value FROM \(Table.realmOptions.rawValue)") { row in
            guard let option = RealmOption(rawValue: row.text(1)), let value = Int(row.text(2)), value >= 0 else {
                return snapshot.unusable.append("\(Table.realmOptions.rawValue): no option with a number")
            }
            snapshot.realms[row.bytes(0), default: .init()].options[option] = value
        }
    }
}
