package import TURN
package import Transport

/// What other threads ask of a worker through its mailbox.
package enum WorkerCommand: Sendable {
    /// Begin TLS with new clients from this context.
    case use(TLSContext)
    /// Send clients to these servers, the ones that are alive.
    case sendClients(to: [AlternateServer])
    /// End every allocation, close everything and return.
    case stop
}
