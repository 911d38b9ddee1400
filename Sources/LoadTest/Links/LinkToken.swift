import Transport

/// What the descriptors of a run belong to.
enum LinkToken: UInt8 {
    case client
    case peer

    /// The token to watch a descriptor with.
    func token(_ index: Int = 0, generation: UInt32 = 0) -> EventToken {
        EventToken(kind: rawValue, index: UInt32(truncatingIfNeeded: index), generation: generation)
    }
}
