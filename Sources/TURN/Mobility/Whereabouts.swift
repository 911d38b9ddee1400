/// Where an allocation is, or was.
package struct Whereabouts: Sendable {
    /// The worker that has it.
    package let worker: Int
    /// Its name there.
    package let id: AllocationID
    /// Its path.
    package let fiveTuple: FiveTuple
}
