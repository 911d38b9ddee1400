internal import Cryptography

// Users with a password of their own (turnusers_lt).

extension UserDatabase {
    /// The names of the users of a realm, in order.
    package func users(of realm: [UInt8]) throws(DatabaseError) -> [[UInt8]] {
        try column("name", of: .users, where: realm)
    }

    /// Adds a user, or gives one that is there another password. Only a key is stored: MD5 of name, realm and password, as
    /// RFC 8489 §9.2.2 has it.
    package func addUser(_ name: [UInt8], realm: [UInt8], password: [UInt8]) throws(DatabaseError) {
        guard let key = PasswordAlgorithm.md5.key(username: name, realm: realm, password: password) else {
            throw DatabaseError("there is no MD5 on this system")
        }
        try addUser(name, realm: realm, key: key)
    }

    /// Adds a user, or gives one that is there another key.
    package func addUser(_ name: [UInt8], realm: [UInt8], key: [UInt8]) throws(DatabaseError) {
        try replace(.users, "realm,name,hmackey", [realm, name, Array(Hexadecimal.encode(key).utf8)])
    }

    /// Deletes a user; false when there is none of that name.
    @discardableResult
    package func deleteUser(_ name: [UInt8], realm: [UInt8]) throws(DatabaseError) -> Bool {
        try delete(.users, where: "realm = ? AND name = ?", [realm, name]) > 0
    }
}
