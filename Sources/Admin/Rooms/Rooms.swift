import Synchronization

/// The rooms that are open. Whoever knows a room's name may go in: it is random, and good for a while.
final class Rooms: Sendable {
    /// How many may be open.
    static let capacity = 16

    private let rooms = Mutex<[String: Room]>([:])

    /// Opens a room. Where all places are taken, the oldest empty room makes place.
    func open(_ name: String, _ room: Room) throws(Problem) {
        try rooms.withLock { rooms throws(Problem) in
            rooms = rooms.filter { room.openedAt < $0.value.expiresAt }
            if rooms.count >= Self.capacity {
                let empty = rooms.filter { $0.value.members.isEmpty }
                guard let oldest = empty.min(by: { $0.value.openedAt < $1.value.openedAt }) else {
                    throw .conflict("there are \(rooms.count) rooms with somebody in them already")
                }
                rooms[oldest.key] = nil
            }
            rooms[name] = room
        }
    }

    /// Lets a member into a room.
    func join(_ name: String, as member: String, now: Int64) throws(Problem) {
        try change(name, now) { room throws(Problem) in try room.join(member, now: now) }
    }

    /// Tells the others in a room what a member says.
    func post(_ data: String, from member: String, in name: String, now: Int64) throws(Problem) {
        try change(name, now) { room throws(Problem) in try room.post(data, from: member) }
    }

    /// What waits for a member; nil when the room is closed, or the member is no longer in it.
    func take(_ member: String, in name: String, now: Int64) -> [RoomEvent]? {
        rooms.withLock { rooms in
            guard let room = rooms[name], now < room.expiresAt else { return nil }
            return rooms[name]?.take(member, now: now)
        }
    }

    /// Lets a member go.
    func leave(_ member: String, from name: String) {
        rooms.withLock { $0[name]?.leave(member) }
    }

    private func change(
        _ name: String, _ now: Int64, _ body: (inout Room) throws(Problem) -> Void
    ) throws(Problem) {
        try rooms.withLock { rooms throws(Problem) in
            guard var room = rooms[name], now < room.expiresAt else {
                throw .missing("there is no such room, or its time is over")
            }
            rooms[name] = nil
            defer { rooms[name] = room }
            try body(&room)
        }
    }
}
