/// What other threads ask of a worker through its mailbox.
package enum WorkerCommand: Sendable {
    /// End every allocation, close everything and return.
    case stop
}
