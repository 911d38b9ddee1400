import Addressing
import CSQLite
import Database
import Glibc
import Testing

@Suite("User database")
struct UserDatabaseTests {
    private let realm = bytes("example.org")

    @Test("What is written is read again, realm by realm")
    func users() throws {
        try withFile { path in
            let database = try UserDatabase(writing: path)
            try database.addUser(bytes("alice"), realm: realm, password: bytes("secret"))
            try database.addUser(bytes("bob"), realm: realm, password: bytes("old"))
            try database.addUser(bytes("bob"), realm: realm, password: bytes("new"))
            try database.addUser(bytes("alice"), realm: bytes("other.org"), password: bytes("secret"))
            #expect(try database.users(of: realm) == [bytes("alice"), bytes("bob")])
            #expect(try database.deleteUser(bytes("bob"), realm: realm))
            #expect(try !database.deleteUser(bytes("bob"), realm: realm))
            #expect(try database.realms() == [realm, bytes("other.org")])
            let snapshot = try UserDatabase(reading: path).snapshot(unixSeconds: 1000)
            // What coturn's turnadmin stores for the same user, realm and password.
            let key = try #require(snapshot.realms[realm]?.users.first?.key)
            #expect(hexadecimal(key) == "543e1aec5d3614f03141652d6ada51b2")
            #expect(snapshot.realms[bytes("other.org")]?.users.count == 1)
        }
    }

    @Test("Secrets, options, origins, rules and keys come and go")
    func everythingElse() throws {
        try withFile { path in
            let database = try UserDatabase(writing: path)
            let rule = UserDatabase.PeerRule(
                realm: realm, range: try AddressRange(parsing: "10.0.0.0/8"), allow: true)
            let key = UserDatabase.TokenKey(
                name: bytes("north"), bytes: Array(0..<32), issued: 100, lifetimeSeconds: 50)
            try database.addSecret(bytes("one"), realm: realm)
            try database.addSecret(bytes("two"), realm: realm)
            try database.set(.userQuota, to: 3, realm: realm)
            try database.addOrigin(bytes("https://example.org"), realm: realm)
            try database.add(rule)
            try database.add(key)
            let snapshot = try UserDatabase(reading: path).snapshot(unixSeconds: 1000)
            #expect(snapshot.realms[realm]?.secrets == [bytes("one"), bytes("two")])
            #expect(snapshot.firstSecretEnd == nil)
            #expect(snapshot.realms[realm]?.options == [.userQuota: 3])
            #expect(snapshot.origins == [bytes("https://example.org"): realm])
            #expect(snapshot.peerRules == [rule])
            #expect(snapshot.tokenKeys == [key])
            #expect(snapshot.tokenKeys.first?.expiry == 150)

            #expect(try database.deleteSecret(bytes("one"), realm: realm))
            #expect(try database.deleteAllSecrets(realm: realm) == 1)
            try database.set(.userQuota, to: nil, realm: realm)
            #expect(try database.options(of: realm).isEmpty)
            #expect(try database.deleteOrigin(bytes("https://example.org")))
            #expect(try database.delete(rule))
            #expect(try !database.delete(rule))
            #expect(try database.deleteTokenKey(bytes("north")))
            #expect(try UserDatabase(reading: path).snapshot(unixSeconds: 1000).realms[realm]?.secrets ?? [] == [])
        }
    }

    @Test("Names and secrets may hold any bytes, quotes and NUL among them")
    func anyBytes() throws {
        try withFile { path in
            let database = try UserDatabase(writing: path)
            for name in [bytes("'; DROP TABLE turnusers_lt; --"), [0, 255, 1], []] {
                try database.addUser(name, realm: realm, key: Array(repeating: 7, count: 16))
                #expect(try database.users(of: realm) == [name])
                #expect(try database.deleteUser(name, realm: realm))
            }
        }
    }

    @Test("Rows that make no sense are left out and counted, the others are read")
    func hostileRows() throws {
        try withFile { path in
            let database = try UserDatabase(writing: path)
            try database.addUser(bytes("alice"), realm: realm, password: bytes("secret"))
            try execute(
                """
                INSERT INTO turnusers_lt VALUES ('r', 'short', '00'), ('r', 'odd', 'abc'), ('r', NULL, NULL),
                    ('r', 'letters', 'zz3e1aec5d3614f03141652d6ada51b2'), ('r', 'number', 12), ('r', 'blob', x'00FF');
                INSERT INTO turn_realm_option VALUES ('r', 'user-quota', '-1'), ('r', 'max-bps', '99999999999999999999'),
                    ('r', 'colour', '1'), ('r', 'total-quota', '5 ');
                INSERT INTO denied_peer_ip VALUES ('', 'everybody'), ('', '10.0.0.9-10.0.0.1'), ('', '10.0.0.0/99');
                INSERT INTO oauth_key VALUES ('k', '!!!!', 0, 0, '', ''),
                    ('l', 'AAAA', 9223372036854775807, 9223372036854775807, 'A256GCM', '');
                """, in: path)
            let snapshot = try UserDatabase(reading: path).snapshot(unixSeconds: 1000)
            #expect(snapshot.realms[realm]?.users.map(\.name) == [bytes("alice")])
            #expect(snapshot.realms[bytes("r")]?.users.isEmpty ?? true)
            #expect(snapshot.peerRules.isEmpty)
            #expect(snapshot.tokenKeys.isEmpty)
            #expect(snapshot.unusable.count == 6 + 4 + 3 + 2)
        }
    }

    @Test("A secret that was rotated is good beside the new one until its last second, and is deleted after it")
    func rotation() throws {
        try withFile { path in
            let database = try UserDatabase(writing: path)
            let other = bytes("other.org")
            try database.addSecret(bytes("old"), realm: realm)
            try database.addSecret(bytes("old"), realm: other)
            #expect(try !database.rotateSecret(bytes("none"), to: bytes("new"), end: 2000, realm: realm))
            #expect(try database.rotateSecret(bytes("old"), to: bytes("new"), end: 2000, realm: realm))
            #expect(
                try database.secrets(of: realm) == [
                    .init(value: bytes("new"), end: nil), .init(value: bytes("old"), end: 2000),
                ])
            let during = try database.snapshot(unixSeconds: 2000)
            #expect(during.realms[realm]?.secrets == [bytes("new"), bytes("old")])
            #expect(during.firstSecretEnd == 2000 && !during.leavesOutSecrets)
            let after = try database.snapshot(unixSeconds: 2001)
            #expect(after.realms[realm]?.secrets == [bytes("new")])
            #expect(after.realms[other]?.secrets == [bytes("old")])
            #expect(after.firstSecretEnd == nil && after.leavesOutSecrets)

            #expect(try database.deleteEndedSecrets(unixSeconds: 2000) == 0)
            #expect(try database.deleteEndedSecrets(unixSeconds: 2001) == 1)
            #expect(try database.secrets(of: realm) == [.init(value: bytes("new"), end: nil)])
            #expect(try database.secrets(of: other) == [.init(value: bytes("old"), end: nil)])
        }
    }

    @Test("A secret that is added again after it was rotated or deleted stays")
    func secretAddedAgain() throws {
        try withFile { path in
            let database = try UserDatabase(writing: path)
            for isDeleted in [false, true] {
                try database.addSecret(bytes("old"), realm: realm)
                #expect(try database.rotateSecret(bytes("old"), to: bytes("new"), end: 2000, realm: realm))
                if isDeleted { #expect(try database.deleteSecret(bytes("old"), realm: realm)) }
                try database.addSecret(bytes("old"), realm: realm)
                #expect(try database.snapshot(unixSeconds: 3000).realms[realm]?.secrets.contains(bytes("old")) == true)
            }
        }
    }

    @Test("Tables that are missing are as good as empty, and those of a stranger are left alone")
    func missingTables() throws {
        try withFile { path in
            try execute("CREATE TABLE turn_secret (realm text, value text); CREATE TABLE cats (name)", in: path)
            try execute("INSERT INTO turn_secret VALUES ('r', 's')", in: path)
            let snapshot = try UserDatabase(reading: path).snapshot(unixSeconds: 1000)
            #expect(snapshot.realms[bytes("r")]?.secrets == [bytes("s")])
        }
    }

    @Test("A file that is no database is an error, and so is one that is not there")
    func noDatabase() throws {
        try withFile { path in
            #expect(throws: DatabaseError.self) { _ = try UserDatabase(reading: path) }
            #expect(!UserDatabase.exists(path))
            let file = unsafe fopen(path, "w")
            for _ in 0..<1000 { unsafe fputs("no database, just text\n", file) }
            unsafe fclose(file)
            #expect(throws: DatabaseError.self) { _ = try UserDatabase(reading: path) }
        }
    }

    @Test("The version tells that somebody else has written, and that the file is another one")
    func version() throws {
        try withFile { path in
            let writer = try UserDatabase(writing: path)
            let reader = try UserDatabase(reading: path)
            let before = try reader.version()
            #expect(try reader.version() == before)
            try writer.addSecret(bytes("s"), realm: realm)
            #expect(try reader.version() != before)
            let isReplaced = reader.isReplaced
            unsafe rename(path, path + ".old")
            defer { unsafe unlink(path + ".old") }
            let isThen = reader.isReplaced
            #expect((isReplaced, isThen) == (false, true))
        }
    }

    // MARK: -

    private func withFile(_ body: (String) throws -> Void) throws {
        let path = "/tmp/culvert-users-\(getpid())-\(UInt64.random(in: .min ... .max))"
        defer { unsafe unlink(path) }
        try body(path)
    }

    /// Runs statements that the library would never write.
    private func execute(_ statements: String, in path: String) throws {
        var handle: OpaquePointer?
        defer { unsafe sqlite3_close_v2(handle) }
        let opened = unsafe sqlite3_open(path, &handle)
        let executed = unsafe sqlite3_exec(handle, statements, nil, nil, nil)
        #expect(opened == SQLITE_OK && executed == SQLITE_OK)
    }

    private func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
