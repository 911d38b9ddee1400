import Timing

/// The paths on which allocations of other workers are expected: announced there by a Refresh that came here (RFC 8016
/// §3.2.2), and not used yet.
struct Expectations {
    private var pending: [FiveTuple: (claim: MobilityClaim, deadline: Instant)] = [:]

    /// How many there are.
    var count: Int { pending.count }

    /// Notes a path.
    mutating func add(_ claim: MobilityClaim, until deadline: Instant) {
        pending[claim.client.fiveTuple] = (claim, deadline)
    }

    /// What a packet on a path gives reason to claim. It is asked for once.
    mutating func complete(_ fiveTuple: FiveTuple, now: Instant) -> MobilityClaim? {
        guard !pending.isEmpty, let (claim, deadline) = pending.removeValue(forKey: fiveTuple) else { return nil }
        return now < deadline ? claim : nil
    }

    /// Gives up a path.
    mutating func cancel(_ fiveTuple: FiveTuple) { pending[fiveTuple] = nil }

    /// Gives up what came too late.
    mutating func forget(now: Instant) {
        guard !pending.isEmpty else { return }
        pending = pending.filter { now < $0.value.deadline }
    }
}
