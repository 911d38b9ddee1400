import STUN
import Tables
import Timing

/// Remembers for 40 seconds which Allocate made an allocation that was deleted since. UDP may deliver a copy of that
/// Allocate late; answering it anew would leave an allocation behind for a client that has gone (RFC 8656 §7.2, and the
/// transaction lifetime of RFC 8489 §6.3.1).
///
/// Only keyed hashes are kept, in the order they came.
struct DepartedTransactions: ~Copyable {
    private static let memorySeconds: UInt32 = 40

    private var expiries: [UInt64: Instant] = [:]
    private var order: [(hash: UInt64, expiry: Instant)] = []
    private var oldest = 0
    private let seed: HashSeed

    init(seed: HashSeed) {
        self.seed = seed
    }

    /// How many are remembered.
    var count: Int { expiries.count }

    /// Notes that the allocation made by `transaction` is gone.
    mutating func insert(_ fiveTuple: FiveTuple, _ transaction: TransactionID, now: Instant) {
        forget(now: now)
        let hash = hash(fiveTuple, transaction)
        let expiry = now.adding(seconds: Self.memorySeconds)
        expiries[hash] = expiry
        order.append((hash, expiry))
    }

    /// Whether an allocation made by `transaction` was deleted within the last 40 seconds.
    func contains(_ fiveTuple: FiveTuple, _ transaction: TransactionID, now: Instant) -> Bool {
        guard let expiry = expiries[hash(fiveTuple, transaction)] else { return false }
        return now < expiry
    }

    /// Drops what is older.
    mutating func forget(now: Instant) {
        while oldest < order.count, order[oldest].expiry <= now {
            let entry = order[oldest]
            if expiries[entry.hash] == entry.expiry { expiries[entry.hash] = nil }
            oldest += 1
        }
        if oldest > 1024, oldest * 2 > order.count {
            order.removeFirst(oldest)
            oldest = 0
        }
    }

    private func hash(_ fiveTuple: FiveTuple, _ transaction: TransactionID) -> UInt64 {
        seed.hash(fiveTuple.hash(seed), UInt64(transaction.high), transaction.low)
    }
}
