struct NewRoomBody: StrictBody {
    static let members: Set = ["ttlSeconds", "username", "credential"]
    let ttlSeconds: Int64?
    let username: String?
    let credential: String?

    func check() throws(Problem) {
        guard (60...86_400).contains(ttlSeconds ?? 60) else { throw .malformed("ttlSeconds: expected 60 to 86400") }
        guard (username == nil) == (credential == nil) else {
            throw .malformed("username and credential: expected both or none")
        }
        if let username { _ = try Names.check(username, "username") }
        if let credential { try Passwords.check(credential) }
    }
}

struct RoomBody: Encodable {
    let room: String
    let expiresAt: Int64
}

struct RoomMessageBody: StrictBody {
    static let members: Set = ["member", "data"]
    let member: String
    let data: String

    /// The longest message, in characters. A session description with all codecs of a browser has about 7000.
    static let longest = 16_384

    func check() throws(Problem) {
        guard member.unicodeScalars.count <= 64 else { throw .malformed("member: expected what joined told") }
        guard (1...Self.longest).contains(data.unicodeScalars.count) else {
            throw .malformed("data: expected 1 to \(Self.longest) characters")
        }
    }
}
