import Accounts
import Cryptography
import Testing

@Suite("Accounts")
struct AccountsTests {
    let realm = Array("realm".utf8)
    let now: Int64 = 1_700_000_000

    func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    func user(_ name: String, _ password: String) -> StaticUser {
        StaticUser(name: bytes(name), secret: .password(bytes(password)))
    }

    func restKey(_ username: String, _ secret: String) -> [UInt8]? {
        SharedSecret(bytes(secret))?.password(for: bytes(username)).flatMap {
            PasswordAlgorithm.md5.key(username: bytes(username), realm: realm, password: $0)
        }
    }

    @Test("D: the key of user:realm:pass is that of RFC 8489 section 9.2.2")
    func keyVector() {
        let expected: [UInt8] = [
            0x84, 0x93, 0xFB, 0xC5, 0x3B, 0xA5, 0x82, 0xFB, 0x4C, 0x04, 0x4C, 0x45, 0x6B, 0xDC, 0x40, 0xEB,
        ]
        #expect(PasswordAlgorithm.md5.key(username: bytes("user"), realm: realm, password: bytes("pass")) == expected)
        let accounts = Accounts(realm: realm, users: [user("user", "pass")])
        #expect(accounts.candidateKeys(for: bytes("user"), unixSeconds: now) == [expected])
        let keyed = Accounts(realm: realm, users: [StaticUser(name: bytes("user"), secret: .key(expected))])
        #expect(keyed.candidateKeys(for: bytes("user"), unixSeconds: now) == [expected])
    }

    @Test("D15: the user of RFC 5769 section 2.4 has the key printed there")
    func rfc5769Key() {
        let key = PasswordAlgorithm.md5.key(
            username: bytes("\u{30DE}\u{30C8}\u{30EA}\u{30C3}\u{30AF}\u{30B9}"), realm: bytes("example.org"),
            password: bytes("TheMatrIX"))
        #expect(
            key == [0xE8, 0xCA, 0x7A, 0xD5, 0x9D, 0x5E, 0xB0, 0x51, 0x8E, 0x31, 0x29, 0x11, 0xD2, 0xDA, 0xB2, 0xA9])
    }

    @Test(
        "Q03: REST passwords are those of the vectors",
        arguments: [
            ("mysecret", "1893456000:alice", "GCbZQwJBy2lYsjuoFZlW5DTBLl0="),
            ("mysecret", "1893456000", "RD14xg514Wr8yn5mDiRNZL1cNwA="),
            ("north", "1433895918:4294967295", "X1zfw54usnJ1a6V/o0h13IXgxmE="),
        ])
    func restVectors(secret: String, username: String, password: String) throws {
        #expect(SharedSecret(bytes(secret))?.password(for: bytes(username)) == bytes(password))
        let accounts = Accounts(realm: realm, secrets: [bytes(secret)])
        let key = try #require(
            PasswordAlgorithm.md5.key(username: bytes(username), realm: realm, password: bytes(password)))
        #expect(accounts.candidateKeys(for: bytes(username), unixSeconds: 1_400_000_000) == [key])
    }

    @Test("Q01: a REST credential is good at its expiry and not a second later")
    func expiry() {
        let accounts = Accounts(realm: realm, secrets: [bytes("mysecret")])
        for username in ["1893456000:alice", "alice:1893456000", "1893456000"] {
            let key = restKey(username, "mysecret")
            for (second, isGood) in [(1_893_455_999, true), (1_893_456_000, true), (1_893_456_001, false)] {
                let keys = accounts.candidateKeys(for: bytes(username), unixSeconds: Int64(second))
                #expect(keys.map { $0 == key } == [isGood], "\(username) at \(second)")
            }
        }
    }

    @Test("Q02: every secret is tried in its turn")
    func twoSecrets() {
        let accounts = Accounts(realm: realm, secrets: [bytes("old"), bytes("new")])
        let username = "1893456000:alice"
        let keys: [[UInt8]?] = accounts.candidateKeys(for: bytes(username), unixSeconds: now)
        #expect(keys == [restKey(username, "old"), restKey(username, "new")])
    }

    @Test("Q02: static users and REST credentials work at the same time")
    func both() {
        let accounts = Accounts(
            realm: realm, users: [user("alice", "wonder"), user("1893456000:bob", "static")],
            secrets: [bytes("mysecret")])
        let alice = PasswordAlgorithm.md5.key(username: bytes("alice"), realm: realm, password: bytes("wonder"))
        #expect(accounts.candidateKeys(for: bytes("alice"), unixSeconds: now).map { $0 == alice } == [true])
        let rest = accounts.candidateKeys(for: bytes("1893456000:alice"), unixSeconds: now)
        #expect(rest.count == 2 && rest.last == restKey("1893456000:alice", "mysecret"))
        // One name may be both: the operator's user comes first.
        let bob: [[UInt8]?] = accounts.candidateKeys(for: bytes("1893456000:bob"), unixSeconds: now)
        let own = PasswordAlgorithm.md5.key(username: bytes("1893456000:bob"), realm: realm, password: bytes("static"))
        #expect(bob == [own, restKey("1893456000:bob", "mysecret")])
    }

    @Test("N4: the number of keys does not tell whether a user exists", arguments: [0, 1, 3])
    func candidateCounts(secretCount: Int) {
        let secrets = (0..<secretCount).map { bytes("secret\($0)") }
        let users = [user("alice", "a"), user("1893456000:bob", "b")]
        let accounts = Accounts(realm: realm, users: users, secrets: secrets)
        for (known, unknown) in [("alice", "mallory"), ("1893456000:bob", "1893456000:eve")] {
            let found = accounts.candidateKeys(for: bytes(known), unixSeconds: now)
            let missing = accounts.candidateKeys(for: bytes(unknown), unixSeconds: now)
            #expect(found.count == missing.count)
            #expect(found.count >= 1 && (found + missing).allSatisfy { $0.count == 16 })
        }
    }

    @Test("N4: what stands in for an unknown user cannot be guessed")
    func dummyKeys() {
        let first = Accounts(realm: realm)
        let second = Accounts(realm: realm)
        let keys = first.candidateKeys(for: bytes("x"), unixSeconds: now)
        #expect(keys.map(\.count) == [16])
        #expect(keys != second.candidateKeys(for: bytes("x"), unixSeconds: now))
        #expect(keys != [Array(repeating: 0, count: 16)])
        #expect(keys != [PasswordAlgorithm.md5.key(username: bytes("x"), realm: realm, password: []) ?? []])
    }

    @Test("N6: empty secrets, empty passwords and keys of a wrong size let nobody in")
    func nothingUsable() {
        let accounts = Accounts(
            realm: realm,
            users: [
                user("a", ""), StaticUser(name: bytes("b"), secret: .key([])),
                StaticUser(name: bytes("c"), secret: .key([1, 2, 3])),
            ], secrets: [[]])
        #expect(accounts.isEmpty)
        let empty = PasswordAlgorithm.md5.key(username: bytes("a"), realm: realm, password: [])
        #expect(accounts.candidateKeys(for: bytes("a"), unixSeconds: now).map { $0 == empty } == [false])
        #expect(accounts.candidateKeys(for: bytes("c"), unixSeconds: now).map(\.count) == [16])
        #expect(!Accounts(realm: realm, users: [user("a", "b")]).isEmpty)
        #expect(!Accounts(realm: realm, secrets: [bytes("s")]).isEmpty)
    }

    @Test("The last of two users of one name counts")
    func lastUserCounts() {
        let accounts = Accounts(realm: realm, users: [user("alice", "old"), user("alice", "new")])
        let key = PasswordAlgorithm.md5.key(username: bytes("alice"), realm: realm, password: bytes("new"))
        #expect(accounts.candidateKeys(for: bytes("alice"), unixSeconds: now).map { $0 == key } == [true])
    }

    @Test("P4: names that are equal as text and different as bytes are different users")
    func invalidUTF8() {
        let pairs: [([UInt8], [UInt8])] = [
            ([0xFF, 0x61], [0xFE, 0x61]), ([0x65, 0xCC, 0x81], [0xC3, 0xA9]), ([0x61], [0x61, 0x00]),
        ]
        for (mine, theirs) in pairs {
            let accounts = Accounts(realm: realm, users: [StaticUser(name: mine, secret: .password([1]))])
            let key = PasswordAlgorithm.md5.key(username: mine, realm: realm, password: [1])
            #expect(accounts.candidateKeys(for: mine, unixSeconds: now).map { $0 == key } == [true])
            #expect(accounts.candidateKeys(for: theirs, unixSeconds: now).map { $0 == key } == [false])
            #expect(accounts.quotaName(of: mine) != accounts.quotaName(of: theirs))
        }
    }

    @Test("Q02: quotas count the name inside a REST username")
    func quotaNames() {
        let accounts = Accounts(realm: realm, users: [user("1:2", "p")], secrets: [bytes("mysecret")])
        let names = [
            ("1893456000:alice", "alice"), ("alice:1893456000", "alice"), ("1893456000:a:b", "a:b"), ("alice", "alice"),
            ("1893456000", "1893456000"), ("1893456000:", "1893456000:"), ("+5:alice", "+5:alice"), ("", ""),
        ]
        for (username, name) in names { #expect(accounts.quotaName(of: bytes(username)) == bytes(name)) }
        let withoutSecrets = Accounts(realm: realm, users: [user("1:2", "p")])
        #expect(withoutSecrets.quotaName(of: bytes("1:2")) == bytes("1:2"))
    }
}
