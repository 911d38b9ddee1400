/// What a member of a room is told.
enum RoomEvent: Encodable, Equatable {
    /// The member is in, for as long as its stream of events lasts.
    case joined(Joined)
    /// Somebody else is in.
    case arrived
    /// Somebody else has said something.
    case message(String)
    /// Somebody else has gone.
    case left

    struct Joined: Encodable, Equatable {
        /// Names the member when it speaks. Told to nobody else.
        let member: String
        /// How many others are there.
        let others: Int
        let expiresAt: Int64
        let iceServers: [ICEServersBody.Server]
    }

    /// The event's name on the stream.
    var name: String {
        switch self {
        case .joined: "joined"
        case .arrived: "arrived"
        case .message: "message"
        case .left: "left"
        }
    }

    private enum CodingKeys: CodingKey {
        case data
    }

    func encode(to encoder: any Encoder) throws {
        switch self {
        case .joined(let joined): try joined.encode(to: encoder)
        case .message(let data):
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(data, forKey: .data)
        case .arrived, .left: _ = encoder.container(keyedBy: CodingKeys.self)
        }
    }
}
