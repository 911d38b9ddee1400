/// That something has come from a client by a path on which the allocation of another worker is to go on.
package struct MobilityClaim: Sendable {
    /// The allocation.
    package let id: MobilityID
    /// The worker that has it.
    package let worker: Int
    /// The path.
    package let client: Client

    /// Joins the three.
    package init(id: MobilityID, worker: Int, client: Client) {
        self.id = id
        self.worker = worker
        self.client = client
    }
}
