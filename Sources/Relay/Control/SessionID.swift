package import TURN

/// Names a session of the whole server, in the log and towards operators: `worker-index-generation`.
package struct SessionID: Hashable, Sendable {
    /// Which worker has it.
    package let worker: Int
    /// What the worker calls it.
    package let allocation: AllocationID

    /// Joins the two.
    package init(worker: Int, _ allocation: AllocationID) {
        self.worker = worker
        self.allocation = allocation
    }
}

extension SessionID: LosslessStringConvertible {
    package var description: String { "\(worker)-\(allocation.index)-\(allocation.generation)" }

    /// Reads what `description` writes.
    package init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let worker = Int(parts[0]), let index = UInt32(parts[1]), let generation = UInt32(parts[2])
        else { return nil }
        self.init(worker: worker, AllocationID(index: index, generation: generation))
    }
}
