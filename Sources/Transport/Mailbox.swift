import Synchronization

/// Messages for a thread that owns everything it touches. Anyone may post; the owner watches `descriptor` and drains.
package final class Mailbox<Message: Sendable>: Sendable {
    private let messages = Mutex<[Message]>([])
    private let bell: WakeUp

    /// An empty mailbox.
    package init() throws(SystemError) {
        bell = try WakeUp()
    }

    /// What the owner watches for reading.
    package var descriptor: CInt { bell.descriptor }

    /// Leaves a message and wakes the owner, unless it was rung for an earlier message and has not come yet.
    package func post(_ message: Message) {
        let wasEmpty = messages.withLock { messages in
            messages.append(message)
            return messages.count == 1
        }
        if wasEmpty { bell.ring() }
    }

    /// Takes all messages, in the order they came.
    package func drain() -> [Message] {
        // Silenced first: a message posted from here on rings again, at worst for nothing.
        bell.silence()
        return messages.withLock { messages in
            let taken = messages
            messages = []
            return taken
        }
    }
}
