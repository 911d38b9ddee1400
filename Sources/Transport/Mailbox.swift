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

    /// Leaves a message and wakes the owner, unless it was rung for an earlier message and has not come yet.
    ///
    /// - Parameter limit: how many messages may wait before this one. What strangers can cause in any number needs one.
    /// - Returns: false when the mailbox is closed or has so many: the message is still the sender's.
    @discardableResult
    package func post(_ message: Message, limit: Int = .max) -> Bool {
        let place: Int? = contents.withLock { contents in
            guard !contents.isClosed, contents.messages.count < limit else { return nil }
            contents.messages.append(message)
            return contents.messages.count
        }
        if place == 1 { bell.ring() }
        return place != nil
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

    /// Takes the messages that are left, and no more from now on: the owner goes. Whoever waits for an answer must learn
    /// it.
    @discardableResult
    package func close() -> [Message] {
        contents.withLock { contents in
            contents.isClosed = true
            let left = contents.messages
            contents.messages = []
            return left
        }
    }
}
