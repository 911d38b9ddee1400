/// The instructions of a program for the kernel, and where in them the maps are named that it uses.
struct RelayProgram: Sendable {
    /// A map by the name it has in bpf/relay.c.
    enum MapName: Sendable {
        case flows
        case slots
        case meters
    }

    /// An instruction that loads the address of a map.
    struct MapReference: Sendable {
        /// Index of the first of its two words.
        let instruction: Int
        let map: MapName
    }

    /// 64-bit words as the kernel takes them; an instruction has one, or two if it loads 64 bits.
    let words: [UInt64]
    let references: [MapReference]
}
