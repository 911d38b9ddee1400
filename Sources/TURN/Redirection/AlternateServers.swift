import Addressing

/// The servers that clients are sent to, each in its turn.
struct AlternateServers {
    /// Those that are alive.
    var live: [AlternateServer]
    private var turn = 0

    init(_ servers: [AlternateServer]) {
        live = servers
    }

    /// Where a client is sent: a server of the family that it came by, and behind it one of the other family where there is
    /// one (RFC 8489 §10). Empty when the client is to stay.
    mutating func next(for fiveTuple: FiveTuple) -> [AlternateServer] {
        guard !live.isEmpty else { return [] }
        let candidates = live.filter { $0.transports.contains(fiveTuple.transport) && $0.address != fiveTuple.server }
        let family = fiveTuple.client.family
        let own = candidates.filter { $0.address.family == family }
        let other = candidates.filter { $0.address.family != family }
        guard !own.isEmpty else { return [] }
        defer { turn &+= 1 }
        return [own, other].compactMap { $0.isEmpty ? nil : $0[turn % $0.count] }
    }
}
