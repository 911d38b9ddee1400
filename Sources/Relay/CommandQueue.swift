import Transport

/// The commands a worker has taken out of its mailbox and not obeyed yet: a few in each turn of its loop, in the order they
/// came. Others wait for the loop too, and clients can cause commands in great number.
struct CommandQueue {
    /// Commands obeyed in one turn.
    static var commandsPerTurn: Int { 64 }

    private var commands: ArraySlice<WorkerCommand> = []

    /// Whether there are none.
    var isEmpty: Bool { commands.isEmpty }

    /// Takes what is in the mailbox, unless there is something left of the last time: then the mailbox keeps ringing.
    mutating func take(from mailbox: Mailbox<WorkerCommand>) {
        if commands.isEmpty { commands = mailbox.drain()[...] }
    }

    /// The commands of a turn.
    mutating func next() -> ArraySlice<WorkerCommand> {
        defer { commands = commands.dropFirst(Self.commandsPerTurn) }
        return commands.prefix(Self.commandsPerTurn)
    }

    /// Takes out all that is left.
    mutating func removeAll() -> ArraySlice<WorkerCommand> { exchange(&commands, with: []) }
}
