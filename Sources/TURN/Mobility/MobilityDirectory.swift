import Synchronization

/// Which worker has which of the allocations that may move, for the worker to which a client with a ticket happens to come.
/// Only making, moving and ending such an allocation, and a ticket from elsewhere, ask here; the relay path never does.
package final class MobilityDirectory: Sendable {
    private let workers = Mutex<[MobilityID: UInt32]>([:])

    init() {}

    /// How many there are: for tests.
    package var count: Int { workers.withLock { $0.count } }

    /// The worker that has an allocation; nil when it has ended.
    package func worker(of id: MobilityID) -> UInt32? { workers.withLock { $0[id] } }

    /// Notes the worker that has a new allocation.
    func enter(_ id: MobilityID, worker: UInt32) { workers.withLock { $0[id] = worker } }

    /// Sends an allocation to another worker, and notes that it is there, in one step: that worker may end it at once, and
    /// whoever reads here where it is finds it on its way at least.
    ///
    /// - Parameter send: sends it; false when that worker takes nothing any more.
    package func move(_ id: MobilityID, to worker: UInt32, _ send: () -> Bool) -> Bool {
        workers.withLock { workers in
            guard send() else { return false }
            workers[id] = worker
            return true
        }
    }

    /// Forgets an allocation.
    package func remove(_ id: MobilityID) { workers.withLock { _ = $0.removeValue(forKey: id) } }
}
