import Cryptography
import SeededRandom
import Testing

@Suite("Random numbers")
struct RandomPoolTests {
    /// A pool that repeats itself from the seed. Each refill starts from the last word of the one before.
    static func pool(seed: UInt64) -> RandomPool {
        RandomPool { words in
            var random = SeededRandom(seed: seed ^ words[words.count - 1])
            for index in words.indices { words[index] = random.next() }
        }
    }

    @Test("Numbers below a bound are uniform", arguments: [2, 3, 10, 1000, 0x6000_0000, 0xC000_0001] as [UInt32])
    func uniform(bound: UInt32) {
        let random = SeededRandom()
        var pool = Self.pool(seed: random.seed)
        let cells = Int(min(bound, 10))
        var counts = Array(repeating: 0, count: cells)
        let draws = 100_000
        for _ in 0..<draws {
            let value = pool.next(below: bound)
            #expect(value < bound)
            counts[Int(UInt64(value) * UInt64(cells) / UInt64(bound))] += 1
        }
        let expected = Double(draws) / Double(cells)
        let statistic = counts.reduce(0.0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
        // With at most nine degrees of freedom chi squared stays below 45 but for once in a million runs.
        #expect(statistic < 45, "\(random), counts \(counts)")
    }

    @Test("A bound of one leaves zero; the largest bound is reached")
    func edges() {
        var pool = RandomPool()
        for _ in 0..<1000 {
            let zero = pool.next(below: 1)
            #expect(zero == 0)
        }
        var largest = RandomPool { $0 = Array(repeating: .max, count: $0.count) }
        let value = largest.next(below: .max)
        #expect(value == UInt32.max - 1)
    }

    @Test("The system's words do not repeat, across refills and pools")
    func distinct() {
        var first = RandomPool()
        var second = RandomPool()
        var seen: Set<UInt64> = []
        for _ in 0..<5000 {
            seen.insert(first.next())
            seen.insert(second.next())
        }
        #expect(seen.count == 10_000)
    }
}
