import SeededRandom

/// The way of packets between clients and server: some are lost, some come twice, all come late and out of order.
struct Network<Packet> {
    private var flying: [(arrival: UInt64, packet: Packet)] = []

    /// How many packets are under way.
    var count: Int { flying.count }

    /// Sends a packet at `now`, in milliseconds.
    mutating func send(_ packet: Packet, now: UInt64, _ random: inout SeededRandom) {
        let copies = [0, 1, 1, 1, 1, 1, 1, 1, 1, 2][Int.random(in: 0..<10, using: &random)]
        for _ in 0..<copies {
            let delay = Int.random(in: 0..<20, using: &random) == 0 ? 30_000 : 400
            flying.append((now + UInt64.random(in: 0...UInt64(delay), using: &random), packet))
        }
    }

    /// A packet that has arrived at `now`, any of them.
    mutating func receive(now: UInt64, _ random: inout SeededRandom) -> Packet? {
        let arrived = flying.indices.filter { flying[$0].arrival <= now }
        guard let index = arrived.randomElement(using: &random) else { return nil }
        flying.swapAt(index, flying.count - 1)
        return flying.removeLast().packet
    }
}
