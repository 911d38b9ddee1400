internal import Cryptography

// Keys shared with authorization servers (oauth_key, RFC 7635).

extension UserDatabase {
    /// A key that is shared with an authorization server.
    package struct TokenKey: Hashable, Sendable {
        /// What clients give in USERNAME.
        package let name: [UInt8]
        /// 16 bytes for A128GCM, 32 for A256GCM.
        package let bytes: [UInt8]
        /// When it was made, in seconds since 1970-01-01 UTC; 0 where nobody said.
        package let issued: Int64
        /// How many seconds it is good for; 0 for ever.
        package let lifetimeSeconds: Int64

        /// Joins the parts.
        package init(name: [UInt8], bytes: [UInt8], issued: Int64 = 0, lifetimeSeconds: Int64 = 0) {
            self.name = name
            self.bytes = bytes
            self.issued = issued
            self.lifetimeSeconds = lifetimeSeconds
        }

        /// The last second at which it is good.
        package var expiry: Int64 {
            guard lifetimeSeconds > 0 else { return .max }
            let (end, overflow) = issued.addingReportingOverflow(lifetimeSeconds)
            return overflow ? .max : end
        }
    }

    /// All keys. One whose length does not go with an algorithm is left out, and added to `unusable` in words.
    package func tokenKeys(unusable: inout [String]) throws(DatabaseError) -> [TokenKey] {
        var keys: [TokenKey] = []
        let query = "SELECT kid,ikm_key,timestamp,lifetime,as_rs_alg FROM \(Table.tokenKeys.rawValue)"
        try connection.rows(of: query) { row in
            let wanted = row.text(4) == "A128GCM" ? 16 : 32
            guard let bytes = Base64.decode(row.bytes(1)), bytes.count == wanted else {
                return unusable.append("oauth_key: no key of its algorithm")
            }
            keys.append(
                TokenKey(name: row.bytes(0), bytes: bytes, issued: row.integer(2), lifetimeSeconds: row.integer(3)))
        }
        return keys
    }

    /// Adds a key, or replaces the one of that name.
    package func add(_ key: TokenKey, realm: [UInt8] = []) throws(DatabaseError) {
        let algorithm = key.bytes.count == 16 ? "A128GCM" : "A256GCM"
        try replace(
            .tokenKeys, "kid,ikm_key,timestamp,lifetime,as_rs_alg,realm",
            [
                key.name, Base64.encode(key.bytes), Array("\(key.issued)".utf8), Array("\(key.lifetimeSeconds)".utf8),
                Array(algorithm.utf8), realm,
            ])
    }

    /// Deletes a key; false when there is none of that name.
    @discardableResult
    package func deleteTokenKey(_ name: [UInt8]) throws(DatabaseError) -> Bool {
        try delete(.tokenKeys, where: "kid = ?", [name]) > 0
    }
}
