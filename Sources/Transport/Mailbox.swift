import Synchronization

/// Messages for a thread that owns everything it touches. Anyone may post; the owner watches `descriptor` and drains.
package final class Mailbox<Message: Sendable>: Sendable {
    private struct Contents {
        var messages: [Message] = []
        var isClosed = false
    }

    private let contents = Mutex(Contents())
    private let bell: WakeUp

    /// An empty mailbox.
    package init() throws(SystemError) {
        bell = try WakeUp()
    }

    /// What the owner watches for reading.
    package var descriptor: CInt { bell.descriptor }

    /// Leaves a message and wakes the owner, unless it was rung for an earlier message and has not come yet. A message
    /// for a closed mailbox is dropped.
    package func post(_ message: Message) {
        let wasEmpty = contents.withLock { contents in
            guard !contents.isClosed else { return false }
            contents.messages.append(message)
            return contents.messages.count == 1
        }
        if wasEmpty { bell.ring() }
    }

    /// Takes all messages, in the order they came.
    package func drain() -> [Message] {
        // Silenced first: a message posted from here on rings again, at worst for nothing.
        bell.silence()
        return contents.withLock { contents in
            let taken = contents.messages
            contents.messages = []
            return taken
        }
    }

    /// Drops all messages, and those to come: the owner is gone. Whoever waits for an answer must learn it.
    package func close() {
        // Outside the lock, since what a message holds may do anything when it is let go of.
        _ = contents.withLock { contents in
            contents.isClosed = true
            let dropped = contents.messages
            contents.messages = []
            return dropped
        }
    }
}
