// Realms: which web pages are shown which (turn_origin_to_realm), and what each may have (turn_realm_option).

extension UserDatabase {
    /// The realms that anything is written down for, in order.
    package func realms() throws(DatabaseError) -> [[UInt8]] {
        let tables: [Table] = [.users, .secrets, .origins, .realmOptions]
        let query = tables.map { "SELECT realm FROM \($0.rawValue) WHERE realm <> ''" }.joined(separator: " UNION ")
        var realms: [[UInt8]] = []
        try connection.rows(of: query + " ORDER BY realm") { realms.append($0.bytes(0)) }
        return realms
    }

    /// The options of a realm.
    package func options(of realm: [UInt8]) throws(DatabaseError) -> [RealmOption: Int] {
        var options: [RealmOption: Int] = [:]
        let query = "SELECT opt,value FROM \(Table.realmOptions.rawValue) WHERE realm = ?"
        try connection.rows(of: query, [realm]) { row in
            guard let option = RealmOption(rawValue: row.text(0)) else { return }
            options[option] = Int(row.text(1)).flatMap { $0 >= 0 ? $0 : nil }
        }
        return options
    }

    /// Sets an option of a realm; nil takes it away.
    package func set(_ option: RealmOption, to value: Int?, realm: [UInt8]) throws(DatabaseError) {
        let name = Array(option.rawValue.utf8)
        if let value {
            try replace(.realmOptions, "realm,opt,value", [realm, name, Array("\(value)".utf8)])
        } else {
            _ = try delete(.realmOptions, where: "realm = ? AND opt = ?", [realm, name])
        }
    }

    /// The realms that web pages are shown, by origin.
    package func origins() throws(DatabaseError) -> [[UInt8]: [UInt8]] {
        var origins: [[UInt8]: [UInt8]] = [:]
        try connection.rows(of: "SELECT origin,realm FROM \(Table.origins.rawValue)") { row in
            origins[row.bytes(0)] = row.bytes(1)
        }
        return origins
    }

    /// Has the clients of a web page shown a realm.
    package func addOrigin(_ origin: [UInt8], realm: [UInt8]) throws(DatabaseError) {
        try replace(.origins, "origin,realm", [origin, realm])
    }

    /// Has them shown the main realm again; false when they were all along.
    @discardableResult
    package func deleteOrigin(_ origin: [UInt8]) throws(DatabaseError) -> Bool {
        try delete(.origins, where: "origin = ?", [origin]) > 0
    }
}
