import COffload

/// The tables that the server and its program in the kernel share.
final class RelayMaps: Sendable {
    /// `relay_flow` to `relay_forward`. Memory is taken as entries come.
    let flows: BPFMap
    let slots: SharedArray<relay_slot>
    let meters: SharedArray<relay_meter>

    /// Room for so many entries: two for each channel.
    init(entries: Int) throws(OffloadError) {
        flows = try BPFMap(
            BPF_MAP_TYPE_HASH, key: MemoryLayout<relay_flow>.size, value: MemoryLayout<relay_forward>.size,
            entries: entries, flags: UInt32(BPF_F_NO_PREALLOC))
        slots = try SharedArray(count: entries)
        meters = try SharedArray(count: entries)
    }

    subscript(name: RelayProgram.MapName) -> BPFMap {
        switch name {
        case .flows: flows
        case .slots: slots.map
        case .meters: meters.map
        }
    }
}
