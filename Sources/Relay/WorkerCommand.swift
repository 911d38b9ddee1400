/// What other threads ask of a worker through its mailbox.
package enum WorkerCommand: Sendable {
    /// Begin TLS and DTLS with new clients from these contexts.
    case use(SecureContexts)
    /// End every allocation, close everything and return.
    case stop
}
