import Transport

/// What an epoll event of a worker belongs to: the kind in the token of its descriptor.
enum WorkerToken: UInt8 {
    case mailbox = 1
    case datagramListener
    case streamListener
    case relay
    case connection
    case relayListener
    /// The peer's socket of a data connection.
    case peer
    /// The client's socket of a data connection.
    case dataClient

    /// A token of this kind for a place in the kind's table.
    func token(index: UInt32 = 0, generation: UInt32 = 0) -> EventToken {
        EventToken(kind: rawValue, index: index, generation: generation)
    }
}
