import HTTPTypes

/// A room in which two browsers find each other: what one says, the other hears.
struct Room: Sendable {
    /// Who listens.
    struct Member: Sendable {
        let key: String
        var waiting: [RoomEvent] = []
        /// When it last took what waited for it.
        var heardAt: Int64
    }

    /// How many may be in it.
    static let capacity = 2
    /// How many events may wait for a member.
    static let longestQueue = 256
    /// A member that takes nothing for so long is gone.
    static let patienceSeconds: Int64 = 10

    let openedAt: Int64
    let expiresAt: Int64
    let iceServers: [ICEServersBody.Server]
    private(set) var members: [Member] = []

    init(openedAt: Int64, expiresAt: Int64, iceServers: [ICEServersBody.Server]) {
        self.openedAt = openedAt
        self.expiresAt = expiresAt
        self.iceServers = iceServers
    }

    /// Lets a member in, unless the room is full.
    mutating func join(_ key: String, now: Int64) throws(Problem) {
        for member in members where member.heardAt + Self.patienceSeconds < now { leave(member.key) }
        guard members.count < Self.capacity else { throw .conflict("there are \(members.count) in this room already") }
        tellAll(.arrived)
        let joined = RoomEvent.Joined(
            member: key, others: members.count, expiresAt: expiresAt, iceServers: iceServers)
        members.append(Member(key: key, waiting: [.joined(joined)], heardAt: now))
    }

    /// Tells the others what a member says.
    mutating func post(_ data: String, from key: String) throws(Problem) {
        guard members.contains(where: { $0.key == key }) else { throw .missing("there is no such member in this room") }
        guard members.count > 1 else { throw .conflict("there is nobody else in this room") }
        guard members.allSatisfy({ $0.key == key || $0.waiting.count < Self.longestQueue }) else {
            throw Problem(.tooManyRequests, "the other one is slow to listen")
        }
        for index in members.indices where members[index].key != key { members[index].waiting.append(.message(data)) }
    }

    /// What waits for a member; nil for who is none.
    mutating func take(_ key: String, now: Int64) -> [RoomEvent]? {
        guard let index = members.firstIndex(where: { $0.key == key }) else { return nil }
        defer { members[index].waiting = [] }
        members[index].heardAt = now
        return members[index].waiting
    }

    mutating func leave(_ key: String) {
        guard let index = members.firstIndex(where: { $0.key == key }) else { return }
        members.remove(at: index)
        tellAll(.left)
    }

    /// Comings and goings find room in any queue: one that is full has stopped listening, and is forgotten soon.
    private mutating func tellAll(_ event: RoomEvent) {
        for index in members.indices where members[index].waiting.count < 2 * Self.longestQueue {
            members[index].waiting.append(event)
        }
    }
}
