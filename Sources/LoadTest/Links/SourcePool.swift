import Addressing

/// Source addresses for clients on the loopback, so that one socket serves all of them and each still has a 5-tuple of its
/// own: 2^20 addresses from 127.16.0.1 on.
struct SourcePool {
    private static let first: UInt32 = 127 << 24 | 16 << 16 | 1
    private static let size: UInt32 = 1 << 20

    private let slotCount: UInt32
    private var rounds: [UInt32]

    init(slots: Int) {
        precondition(slots > 0 && slots <= Int(Self.size))
        slotCount = UInt32(slots)
        rounds = Array(repeating: 0, count: slots)
    }

    /// The address of a slot now.
    func source(of slot: Int) -> IPAddress {
        IPAddress(v4: Self.first + UInt32(slot) + rounds[slot] * slotCount)
    }

    /// Gives a slot the next of its addresses. They repeat when all have been used.
    mutating func renew(_ slot: Int) {
        rounds[slot] = (rounds[slot] + 1) % (Self.size / slotCount)
    }

    /// The slot whose address this is, now or formerly; nil for any other address.
    func slot(of source: IPAddress) -> Int? {
        guard source.family == .ipv4, source.v4Bits >= Self.first, source.v4Bits - Self.first < Self.size else {
            return nil
        }
        return Int((source.v4Bits - Self.first) % slotCount)
    }
}
