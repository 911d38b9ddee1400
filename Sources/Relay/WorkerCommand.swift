package import Transport

/// What other threads ask of a worker through its mailbox.
package enum WorkerCommand: Sendable {
    /// Begin TLS with new clients from this context.
    case use(TLSContext)
    /// End every allocation, close everything and return.
    case stop
}
