// The secrets behind time-limited credentials (turn_secret), and when those end that another one has followed
// (culvert_secret_end). coturn knows no end: there a secret is good until it is deleted.

extension UserDatabase {
    /// A secret, and how long it is good.
    package struct Secret: Hashable, Sendable {
        /// The secret.
        package let value: [UInt8]
        /// The last second, since 1970-01-01 UTC, at which it is good; nil where it stays.
        package let end: Int64?

        /// Joins the two.
        package init(value: [UInt8], end: Int64?) {
            self.value = value
            self.end = end
        }
    }

    /// The secrets of a realm.
    package func secrets(of realm: [UInt8]) throws(DatabaseError) -> [Secret] {
        let present = try tables()
        guard present.contains(Table.secrets.rawValue) else { return [] }
        return try secrets(haveEnds: present.contains(Table.secretEnds.rawValue))
            .compactMap { $0.realm == realm ? $0.secret : nil }
    }

    func secrets(haveEnds: Bool) throws(DatabaseError) -> [(realm: [UInt8], secret: Secret)] {
        let ends = haveEnds ? "LEFT JOIN \(Table.secretEnds.rawValue) USING (realm,value)" : ""
        var secrets: [([UInt8], Secret)] = []
        let query = "SELECT realm,value,\(haveEnds ? "end_at" : "NULL") FROM \(Table.secrets.rawValue) \(ends)"
        try connection.rows(of: query + " ORDER BY realm,value") { row in
            secrets.append((row.bytes(0), Secret(value: row.bytes(1), end: Int64(row.text(2)))))
        }
        return secrets
    }

    /// Adds a secret that stays; there may be several at a time.
    package func addSecret(_ secret: [UInt8], realm: [UInt8]) throws(DatabaseError) {
        try connection.transaction("BEGIN IMMEDIATE") { () throws(DatabaseError) in
            try replace(.secrets, "realm,value", [realm, secret])
            _ = try delete(.secretEnds, where: "realm = ? AND value = ?", [realm, secret])
        }
    }

    /// Adds a secret in the place of one that stays good until `end`, in seconds since 1970-01-01 UTC; false when that is
    /// not there.
    package func rotateSecret(
        _ secret: [UInt8], to successor: [UInt8], end: Int64, realm: [UInt8]
    ) throws(DatabaseError) -> Bool {
        try connection.transaction("BEGIN IMMEDIATE") { () throws(DatabaseError) in
            guard try secrets(of: realm).contains(where: { $0.value == secret }) else { return false }
            try replace(.secrets, "realm,value", [realm, successor])
            try replace(.secretEnds, "realm,value,end_at", [realm, secret, Array("\(end)".utf8)])
            return true
        }
    }

    /// Deletes a secret; false when it is not there.
    @discardableResult
    package func deleteSecret(_ secret: [UInt8], realm: [UInt8]) throws(DatabaseError) -> Bool {
        try deleteSecrets(where: "realm = ? AND value = ?", [realm, secret]) > 0
    }

    /// Deletes all secrets of a realm, and says how many there were.
    @discardableResult
    package func deleteAllSecrets(realm: [UInt8]) throws(DatabaseError) -> Int {
        try deleteSecrets(where: "realm = ?", [realm])
    }

    /// Deletes the secrets whose time is over, and says how many there were.
    @discardableResult
    package func deleteEndedSecrets(unixSeconds: Int64) throws(DatabaseError) -> Int {
        let now = [Array("\(unixSeconds)".utf8)]
        return try connection.transaction("BEGIN IMMEDIATE") { () throws(DatabaseError) in
            let over = "SELECT realm,value FROM \(Table.secretEnds.rawValue) WHERE end_at < CAST(? AS INTEGER)"
            let count = try delete(.secrets, where: "(realm,value) IN (\(over))", now)
            _ = try delete(.secretEnds, where: "end_at < CAST(? AS INTEGER)", now)
            return count
        }
    }

    private func deleteSecrets(where condition: String, _ values: [[UInt8]]) throws(DatabaseError) -> Int {
        try connection.transaction("BEGIN IMMEDIATE") { () throws(DatabaseError) in
            _ = try delete(.secretEnds, where: condition, values)
            return try delete(.secrets, where: condition, values)
        }
    }
}
