import HTTPTypes
import Hummingbird
import Relay
import Timing
import Transport

extension Route {
    /// Signalling for the page on which calls are tried out. The token opens a room; who knows the room's name is in.
    static let rooms = [
        Route(.post, "/api/v1/rooms", takesBody: true) { request in
            let wish = try request.body(NewRoomBody.self)
            let (name, now) = (RandomText.secret(), SystemClock.moment().unixSeconds)
            let ttl = wish.ttlSeconds ?? 3600
            let room = Room(
                openedAt: now, expiresAt: now + ttl, iceServers: try request.iceServers(wish, ttlSeconds: ttl))
            try request.administration.rooms.open(name, room)
            return .json(RoomBody(room: name, expiresAt: room.expiresAt), status: .created)
        },
        Route(.get, "/api/v1/rooms/{room}/events", access: .open) { request in
            let control = request.administration.control
            let stream = RoomStream(
                rooms: request.administration.rooms, room: request.parameter("room"), member: RandomText.secret(),
                isStopping: { control.isStopping })
            try stream.rooms.join(stream.room, as: stream.member, now: SystemClock.moment().unixSeconds)
            return stream.response
        },
        Route(.post, "/api/v1/rooms/{room}/messages", access: .open, takesBody: true) { request in
            let message = try request.body(RoomMessageBody.self)
            try request.administration.rooms.post(
                message.data, from: message.member, in: request.parameter("room"),
                now: SystemClock.moment().unixSeconds)
            return Response(status: .noContent)
        },
    ]
}

extension AdminRequest {
    /// What the members of a room log in with: what the operator names, or a credential that ends with the room.
    fileprivate func iceServers(
        _ wish: NewRoomBody, ttlSeconds: Int64
    ) throws(Problem) -> [ICEServersBody.Server] {
        let mint = CredentialMint(administration)
        if let username = wish.username, let credential = wish.credential {
            return [.init(urls: mint.urls, username: username, credential: credential)]
        }
        let accounts = AccountAdministration(administration)
        return try mint.mint(
            CredentialWishBody(user: "room", ttlSeconds: ttlSeconds), secrets: accounts.secrets(of: accounts.realm(nil))
        ).iceServers
    }
}
