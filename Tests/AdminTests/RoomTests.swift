import HTTPTypes
import Testing

@testable import Admin

@Suite("Rooms for calls")
struct RoomTests {
    private static let now: Int64 = 1_700_000_000

    private func room(opened: Int64 = now, lasting seconds: Int64 = 3600) -> Room {
        Room(openedAt: opened, expiresAt: opened + seconds, iceServers: [])
    }

    private func joined(_ member: String, others: Int) -> RoomEvent {
        .joined(.init(member: member, others: others, expiresAt: Self.now + 3600, iceServers: []))
    }

    @Test("What one member says, the other hears, in order, and the speaker does not")
    func twoTalk() throws {
        let (rooms, now) = (Rooms(), Self.now)
        try rooms.open("green", room())
        try rooms.join("green", as: "a", now: now)
        try rooms.join("green", as: "b", now: now)
        try rooms.post("offer", from: "b", in: "green", now: now)
        try rooms.post("candidate", from: "b", in: "green", now: now)
        #expect(
            rooms.take("a", in: "green", now: now)
                == [joined("a", others: 0), .arrived, .message("offer"), .message("candidate")])
        #expect(rooms.take("b", in: "green", now: now) == [joined("b", others: 1)])
        #expect(rooms.take("a", in: "green", now: now) == [])
        rooms.leave("b", from: "green")
        #expect(rooms.take("a", in: "green", now: now) == [.left])
        #expect(rooms.take("b", in: "green", now: now) == nil)
    }

    @Test("A third one stays outside, until one of the two has gone or has stopped listening")
    func isForTwo() throws {
        let (rooms, now) = (Rooms(), Self.now)
        try rooms.open("green", room())
        for member in ["a", "b"] { try rooms.join("green", as: member, now: now) }
        #expect(throws: Problem.self) { try rooms.join("green", as: "c", now: now) }
        _ = rooms.take("a", in: "green", now: now + 10)
        try rooms.join("green", as: "c", now: now + 11)
        #expect(rooms.take("b", in: "green", now: now + 11) == nil)
        #expect(rooms.take("a", in: "green", now: now + 11)?.suffix(2) == [.left, .arrived])
    }

    @Test("Only members speak, only to somebody, and only as much as can wait")
    func speakingIsBounded() throws {
        let (rooms, now) = (Rooms(), Self.now)
        try rooms.open("green", room())
        try rooms.join("green", as: "a", now: now)
        #expect(status { () throws(Problem) in try rooms.post("x", from: "a", in: "green", now: now) } == 409)
        try rooms.join("green", as: "b", now: now)
        #expect(status { () throws(Problem) in try rooms.post("x", from: "c", in: "green", now: now) } == 404)
        #expect(status { () throws(Problem) in try rooms.post("x", from: "a", in: "blue", now: now) } == 404)
        // `joined` waits already.
        for _ in 1..<Room.longestQueue { try rooms.post("x", from: "a", in: "green", now: now) }
        #expect(status { () throws(Problem) in try rooms.post("x", from: "a", in: "green", now: now) } == 429)
        #expect(rooms.take("b", in: "green", now: now)?.count == Room.longestQueue)
        try rooms.post("x", from: "a", in: "green", now: now)
    }

    @Test("A room ends with its time, for who is in it and who comes")
    func expires() throws {
        let (rooms, now) = (Rooms(), Self.now)
        try rooms.open("green", room(lasting: 60))
        try rooms.join("green", as: "a", now: now + 59)
        #expect(rooms.take("a", in: "green", now: now + 59) != nil)
        #expect(rooms.take("a", in: "green", now: now + 60) == nil)
        #expect(status { () throws(Problem) in try rooms.join("green", as: "b", now: now + 60) } == 404)
    }

    @Test("The oldest empty room makes place for another; rooms with somebody in them do not")
    func placesAreBounded() throws {
        let (rooms, now) = (Rooms(), Self.now)
        for number in 0..<Rooms.capacity { try rooms.open("\(number)", room(opened: now + Int64(number))) }
        try rooms.join("0", as: "a", now: now + 20)
        try rooms.open("another", room(opened: now + 20))
        #expect(status { () throws(Problem) in try rooms.join("1", as: "b", now: now + 20) } == 404)
        for number in 2..<Rooms.capacity { try rooms.join("\(number)", as: "a", now: now + 20) }
        try rooms.join("another", as: "a", now: now + 20)
        #expect(status { () throws(Problem) in try rooms.open("one too many", room(opened: now + 20)) } == 409)
        // Those whose time is over count no more.
        try rooms.open("later", room(opened: now + 4000))
    }

    private func status(_ body: () throws(Problem) -> Void) -> Int {
        do throws(Problem) {
            try body()
            return 200
        } catch {
            return error.status.code
        }
    }
}
