import Synchronization

/// A question to all workers that asks only whether they still answer.
package final class RollCall: Sendable {
    private let missing: Atomic<Int>

    /// A roll of so many workers.
    package init(workers: Int) {
        missing = Atomic(workers)
    }

    /// Whether all have answered.
    package var isComplete: Bool { missing.load(ordering: .relaxed) <= 0 }

    /// What a worker does between two turns of its loop.
    func answer() {
        missing.subtract(1, ordering: .relaxed)
    }
}
