import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore
import Timing
import Transport

/// What a member of a room hears, as server-sent events. The member is in the room for as long as it listens.
struct RoomStream: Sendable {
    let rooms: Rooms
    let room: String
    let member: String
    /// Whether the server ends.
    let isStopping: @Sendable () -> Bool

    private static let interval = Duration.milliseconds(50)
    /// Turns between two signs of life, by which a listener who is gone is noticed.
    private static let turnsPerSign = 20

    var response: Response {
        Response(
            status: .ok, headers: [.contentType: "text/event-stream"],
            body: ResponseBody { writer in
                defer { rooms.leave(member, from: room) }
                try await run(&writer)
                try await writer.finish(nil)
            })
    }

    private func run(_ writer: inout any ResponseBodyWriter) async throws {
        var turn = 0
        while !isStopping(), let events = rooms.take(member, in: room, now: SystemClock.moment().unixSeconds) {
            if !events.isEmpty {
                try await writer.write(ByteBuffer(string: try events.map(Self.text).joined()))
            } else if turn % Self.turnsPerSign == 0 {
                try await writer.write(ByteBuffer(string: ": alive\n\n"))
            }
            turn += 1
            try await Task.sleep(for: Self.interval)
        }
    }

    private static func text(_ event: RoomEvent) throws -> String {
        "event: \(event.name)\ndata: \(String(decoding: try JSONEncoder().encode(event), as: UTF8.self))\n\n"
    }
}
