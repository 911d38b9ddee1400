import Timing

/// Pairs of slots, one pair for a channel. What is given back rests for a while: a run of the program that has just found
/// the old entry would otherwise count for the new one.
struct SlotPool {
    /// How long it rests.
    static let rest: UInt32 = 2

    private var unused: Range<UInt32>
    private var resting: [(slot: UInt32, until: Instant)] = []
    private var oldest = 0

    /// Pairs out of a range of slots, of which the first is even.
    init(_ slots: Range<UInt32>) {
        unused = slots
    }

    /// The first slot of a pair, the next one being its other; nil when all are taken.
    mutating func take(now: Instant) -> UInt32? {
        if oldest < resting.count, resting[oldest].until <= now {
            oldest += 1
            defer { forget() }
            return resting[oldest - 1].slot
        }
        guard unused.count >= 2 else { return nil }
        defer { unused = (unused.lowerBound + 2)..<unused.upperBound }
        return unused.lowerBound
    }

    /// Gives a pair back.
    mutating func giveBack(_ slot: UInt32, now: Instant) {
        resting.append((slot, now.adding(seconds: Self.rest)))
    }

    /// Takes what has been handed out again from the front of the queue, now and then.
    private mutating func forget() {
        guard oldest >= 1024, oldest * 2 >= resting.count else { return }
        resting.removeFirst(oldest)
        oldest = 0
    }
}
