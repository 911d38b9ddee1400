import Tables
import Testing

@Suite("HashSeed")
struct HashSeedTests {
    @Test("Keys that follow each other spread over the low bits, which tables use")
    func spread() {
        let seed = HashSeed()
        let slots = 1024
        var counts = Array(repeating: 0, count: slots)
        // One client behind a NAT: one address, all ports.
        for port in 0..<65_536 as Range<UInt64> {
            counts[Int(seed.hash(0xC000_0201, port, 3478) & UInt64(slots - 1))] += 1
        }
        // 64 on average; a spread like a die's has its extremes near 36 and 96.
        #expect((counts.min() ?? 0) > 16 && (counts.max() ?? 0) < 160, "\(seed)")
    }

    @Test("Hashes follow from the seed, and another seed gives others")
    func seeds() {
        #expect(HashSeed(1, 2).hash(3, 4, 5) == HashSeed(1, 2).hash(3, 4, 5))
        #expect(HashSeed(1, 2).hash(3, 4, 5) != HashSeed(1, 4).hash(3, 4, 5))
        #expect(HashSeed().hash(3, 4, 5) != HashSeed().hash(3, 4, 5))
        #expect(HashSeed(1, 2).hash(3, 4) != HashSeed(1, 2).hash(4, 3))
    }

    @Test("Words of zero do not fold hashes together")
    func zeros() {
        let seed = HashSeed()
        let hashes = Set((0..<10_000 as Range<UInt64>).map { seed.hash(0, $0) })
        let others = Set((0..<10_000 as Range<UInt64>).map { seed.hash($0, 0) })
        #expect(hashes.count == 10_000 && others.count == 10_000)
    }
}
