/// Where a user or a secret is kept.
enum Source: String, Encodable {
    case configuration
    case memory
    case database
}

struct UserBody: Encodable {
    let name: String
    let realm: String
    let source: Source
}

struct UsersBody: Encodable {
    let users: [UserBody]
}

struct NewUserBody: StrictBody {
    static let members: Set = ["name", "realm", "password"]
    let name: String
    let realm: String?
    let password: String

    func check() throws(Problem) {
        _ = try Names.check(name, "name")
        if let realm { _ = try Names.check(realm, "realm", longest: 127) }
        try Passwords.check(password)
    }
}

struct NewPasswordBody: StrictBody {
    static let members: Set = ["password"]
    let password: String

    func check() throws(Problem) { try Passwords.check(password) }
}

enum Passwords {
    static func check(_ text: String) throws(Problem) {
        guard !text.isEmpty, text.unicodeScalars.count <= 508 else {
            throw .malformed("password: expected 1 to 508 characters")
        }
    }
}

struct SecretBody: Encodable {
    let id: String
    let realm: String
    let source: Source
    var value: String?
    var expiresAt: Int64?
}

struct SecretsBody: Encodable {
    let secrets: [SecretBody]
}

struct NewSecretBody: StrictBody {
    static let members: Set = ["value", "realm"]
    let value: String?
    let realm: String?

    func check() throws(Problem) {
        if let realm { _ = try Names.check(realm, "realm", longest: 127) }
        guard let value else { return }
        guard (16...256).contains(value.utf8.count), value.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .malformed("value: expected 16 to 256 printable characters of ASCII, without spaces")
        }
    }
}

struct RotationBody: StrictBody {
    static let members: Set = ["overlapSeconds"]
    let overlapSeconds: Int64?

    func check() throws(Problem) {
        guard (0...2_592_000).contains(overlapSeconds ?? 0) else {
            throw .malformed("overlapSeconds: expected 0 to 2592000")
        }
    }
}

struct RevocationBody: Encodable {
    let user: String
    let untilAt: Int64?
    var ended: Int?
}

struct RevocationsBody: Encodable {
    let revocations: [RevocationBody]
}

struct NewRevocationBody: StrictBody {
    static let members: Set = ["user", "untilAt"]
    let user: String
    let untilAt: Int64?

    func check() throws(Problem) {
        _ = try Names.check(user, "user")
        guard (0...253_402_300_799).contains(untilAt ?? 0) else {
            throw .malformed("untilAt: expected seconds since 1970, up to the year 9999")
        }
    }
}

struct CredentialWishBody: StrictBody {
    static let members: Set = ["user", "ttlSeconds"]
    let user: String?
    let ttlSeconds: Int64?

    func check() throws(Problem) {
        if let user, !user.isEmpty { _ = try Names.check(user, "user", longest: 256) }
        guard (1...2_592_000).contains(ttlSeconds ?? 1) else { throw .malformed("ttlSeconds: expected 1 to 2592000") }
    }
}

struct ICEServersBody: Encodable {
    struct Server: Encodable, Equatable {
        let urls: [String]
        let username: String
        let credential: String
    }

    let iceServers: [Server]
    let ttlSeconds: Int64
    let expiresAt: Int64
}
