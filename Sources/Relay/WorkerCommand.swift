package import TURN

/// What other threads ask of a worker through its mailbox.
package enum WorkerCommand: Sendable {
    /// Begin TLS and DTLS with new clients from these contexts.
    case use(SecureContexts)
    /// Send clients to these servers, the ones that are alive.
    case sendClients(to: [AlternateServer])
    /// Answer that the loop still turns.
    case callRoll(RollCall)
    /// End every allocation, close everything and return.
    case stop
}
