import Addressing
import Timing

/// Allocations whose clients have announced another path and not used it yet (RFC 8016 §3.2.2): at most one path for each
/// allocation, and not for long.
struct Handoffs {
    /// An announced path.
    struct Handoff {
        let allocation: UInt32
        let client: Client
        let deadline: Instant
    }

    private var pending: [FiveTuple: Handoff] = [:]
    private var fiveTuples: [UInt32: FiveTuple] = [:]

    /// How many there are.
    var count: Int { pending.count }

    /// Notes the path of an allocation, in place of an earlier one.
    mutating func begin(_ handoff: Handoff) {
        cancel(handoff.client.fiveTuple)
        cancel(allocation: handoff.allocation)
        pending[handoff.client.fiveTuple] = handoff
        fiveTuples[handoff.allocation] = handoff.client.fiveTuple
    }

    /// The handoff that a packet on a path completes, if it comes in time. It is over then.
    mutating func complete(_ fiveTuple: FiveTuple, now: Instant) -> Handoff? {
        guard !pending.isEmpty, let handoff = pending[fiveTuple] else { return nil }
        cancel(fiveTuple)
        return now < handoff.deadline ? handoff : nil
    }

    /// The allocation of which a path was announced.
    func allocation(announcedBy fiveTuple: FiveTuple) -> UInt32? { pending[fiveTuple]?.allocation }

    /// Whether a path of an allocation was announced.
    func isUnderWay(for allocation: UInt32) -> Bool { fiveTuples[allocation] != nil }

    /// Gives up a path.
    mutating func cancel(_ fiveTuple: FiveTuple) {
        guard let handoff = pending.removeValue(forKey: fiveTuple) else { return }
        fiveTuples[handoff.allocation] = nil
    }

    /// Gives up the path of an allocation.
    mutating func cancel(allocation: UInt32) {
        guard let fiveTuple = fiveTuples.removeValue(forKey: allocation) else { return }
        pending[fiveTuple] = nil
    }

    /// Gives up what came too late.
    mutating func forget(now: Instant) {
        for (fiveTuple, handoff) in pending where handoff.deadline <= now { cancel(fiveTuple) }
    }
}
