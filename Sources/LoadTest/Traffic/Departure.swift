/// Packets of one flow that are to leave now.
struct Departure {
    /// The flow.
    let flow: Int
    /// The session of the flow.
    let slot: Int
    /// The stream of the plan.
    let stream: Int
    /// How many packets.
    let count: Int
    /// When they were to leave.
    let intendedNanoseconds: UInt64
}
