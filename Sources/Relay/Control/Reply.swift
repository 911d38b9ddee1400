import Synchronization

/// The way back to whoever asked a worker. Gives exactly one answer; nil if it is let go of without one, because the
/// worker has ended.
package final class Reply<Answer: Sendable>: Sendable {
    private let continuation: Mutex<CheckedContinuation<Answer?, Never>?>

    init(_ continuation: CheckedContinuation<Answer?, Never>) {
        self.continuation = Mutex(continuation)
    }

    deinit {
        give(nil)
    }

    func give(_ answer: Answer?) {
        let waiting = continuation.withLock { continuation in
            defer { continuation = nil }
            return continuation
        }
        waiting?.resume(returning: answer)
    }
}
