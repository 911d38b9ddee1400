import Timing

/// Paths on which allocations are to go on (RFC 8016 §3.2.2): at most one for each allocation and one allocation for each, and
/// not for long.
struct AnnouncedPaths {
    /// That an allocation is to go on by a client's path.
    struct Announcement {
        let allocation: MobilityID
        let client: Client
        let deadline: Instant
    }

    private var announcements: [FiveTuple: Announcement] = [:]
    private var paths: [MobilityID: FiveTuple] = [:]

    /// How many there are.
    var count: Int { announcements.count }

    /// Notes the path of an allocation, in place of an earlier one of either.
    mutating func announce(_ client: Client, for allocation: MobilityID, until deadline: Instant) {
        cancel(client.fiveTuple)
        cancel(allocation)
        announcements[client.fiveTuple] = Announcement(allocation: allocation, client: client, deadline: deadline)
        paths[allocation] = client.fiveTuple
    }

    /// What was announced for a path, if it is not too late. Mutating, as it stands in an engine: see `Engine.nextExpiry`.
    mutating func announcement(on fiveTuple: FiveTuple, now: Instant) -> Announcement? {
        guard !announcements.isEmpty, let found = announcements[fiveTuple], now < found.deadline else { return nil }
        return found
    }

    /// The path that was announced for an allocation, if it is not too late.
    mutating func announcement(for allocation: MobilityID, now: Instant) -> Announcement? {
        paths[allocation].flatMap { announcement(on: $0, now: now) }
    }

    /// What was announced for a path, if it is not too late, and is over then.
    mutating func take(_ fiveTuple: FiveTuple, now: Instant) -> Announcement? {
        guard let taken = announcement(on: fiveTuple, now: now) else { return nil }
        cancel(fiveTuple)
        return taken
    }

    /// Whether another path was announced for an allocation, and not given up yet.
    func isAnnounced(_ allocation: MobilityID) -> Bool { paths[allocation] != nil }

    /// Gives up a path.
    mutating func cancel(_ fiveTuple: FiveTuple) {
        guard let given = announcements.removeValue(forKey: fiveTuple) else { return }
        paths[given.allocation] = nil
    }

    /// Gives up the path of an allocation.
    mutating func cancel(_ allocation: MobilityID) {
        guard let fiveTuple = paths.removeValue(forKey: allocation) else { return }
        announcements[fiveTuple] = nil
    }

    /// Gives up what came too late.
    mutating func forget(now: Instant) {
        for (fiveTuple, announced) in announcements where announced.deadline <= now { cancel(fiveTuple) }
    }
}
