import Logging
import Transport

/// A thread beside the workers that looks after something outside: alternate servers, the user database. It ends when told to.
struct Companion: Sendable {
    private let stopping: Mailbox<Void>

    /// Starts the thread. `run` returns soon after something is posted to its mailbox; why it cannot go on is logged.
    init(
        _ name: String, logger: Logger, run: @escaping @Sendable (Mailbox<Void>) throws(SystemError) -> Void
    ) throws(SystemError) {
        let stopping = try Mailbox<Void>()
        self.stopping = stopping
        _ = try Thread.spawn(name: name) {
            do throws(SystemError) {
                try run(stopping)
            } catch {
                logger.error("a thread has failed", metadata: ["thread": "\(name)", "error": "\(error)"])
            }
        }
    }

    /// Tells the thread to end.
    func stop() { stopping.post(()) }
}
