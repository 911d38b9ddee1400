import Synchronization
package import TURN

/// Events on their way from the workers to one listener. Bounded: what finds no room is counted and dropped, so that a
/// listener who reads slowly costs the workers nothing.
package final class EventFeed: Sendable {
    /// What came since the last call of `take`.
    package struct Batch: Sendable {
        /// The events, each with its worker.
        package var events: [(worker: Int, event: Event)] = []
        /// How many found no room.
        package var lost: UInt64 = 0
    }

    private struct State {
        var batch = Batch()
        var isClosed = false
    }

    private let capacity: Int
    private let state = Mutex(State())

    /// An empty feed with room for so many events between two calls of `take`.
    package init(capacity: Int = 4096) {
        self.capacity = capacity
    }

    /// Adds an event; false when nobody listens any more.
    func offer(_ event: Event, from worker: Int) -> Bool {
        state.withLock { state in
            guard !state.isClosed else { return false }
            if state.batch.events.count < capacity {
                state.batch.events.append((worker, event))
            } else {
                state.batch.lost += 1
            }
            return true
        }
    }

    /// Takes what there is.
    package func take() -> Batch {
        state.withLock { state in
            defer { state.batch = Batch() }
            return state.batch
        }
    }

    /// Ends the feed; the workers forget it at their next event.
    package func close() {
        state.withLock { state in
            state.isClosed = true
            state.batch = Batch()
        }
    }
}
