import SeededRandom
import Tables
import Testing

@Suite("IndexTable")
struct IndexTableTests {
    /// How the keys of a test are hashed: well, or as an attacker would like them to be.
    enum Hashing: String, CaseIterable, Sendable {
        case seeded
        case constant
        case fourValues
        /// All hashes at the end of the table, so that every probe run wraps round.
        case lastSlots
        /// Different only where the table does not look.
        case upperHalf

        func hash(_ key: UInt64) -> UInt64 {
            switch self {
            case .seeded: HashSeed(0x1234_5678_9ABC_DEF1, 0xFEDC_BA98_7654_3211).hash(key, 3478)
            case .constant: 0xDEAD_BEEF
            case .fourValues: key & 3
            case .lastSlots: 0xFFFF_FFF0 | key & 0xF
            case .upperHalf: key << 32
            }
        }

        /// Where all keys collide each step costs as many comparisons as there are keys.
        var keyCount: UInt64 { self == .seeded ? 5000 : 50 }
        var steps: Int { self == .seeded ? 100_000 : 10_000 }
    }

    @Test("It does what a dictionary does, for random operations", arguments: Hashing.allCases)
    func model(hashing: Hashing) {
        var random = SeededRandom()
        var table = IndexTable()
        var slab = Slab<UInt64>(blank: 0)
        var model: [UInt64: UInt32] = [:]
        for step in 0..<hashing.steps {
            let key = UInt64.random(in: 0..<hashing.keyCount, using: &random)
            let hash = hashing.hash(key)
            let found = table.find(hash: hash) { slab[$0] == key }
            var isRight = found == model[key]
            // Phases of growth and of decay.
            let inserts = Int.random(in: 0..<10, using: &random) < (step / 5000 % 2 == 0 ? 7 : 3)
            if inserts, found == nil {
                let index = slab.insert(key)
                table.insert(hash: hash, index: index)
                model[key] = index
            } else if !inserts, let found {
                let wasThere = table.remove(hash: hash, index: found)
                let isThereStill = table.remove(hash: hash, index: found)
                isRight = isRight && wasThere && !isThereStill
                slab.remove(found)
                model[key] = nil
            }
            guard isRight, table.count == model.count else {
                Issue.record("\(random), step \(step)")
                return
            }
        }
        for key in 0..<hashing.keyCount {
            let found = table.find(hash: hashing.hash(key)) { slab[$0] == key }
            #expect(found == model[key], "\(random), key \(key)")
        }
    }

    @Test("It may be made for many entries, and grows beyond", arguments: [0, 1, 8, 9, 1000])
    func capacity(minimum: Int) {
        var table = IndexTable(minimumCapacity: minimum)
        let seed = HashSeed()
        for index in 0..<3000 as Range<UInt32> { table.insert(hash: seed.hash(UInt64(index), 0), index: index) }
        let found = (0..<3000 as Range<UInt32>).allSatisfy { index in
            table.find(hash: seed.hash(UInt64(index), 0)) { $0 == index } == index
        }
        #expect(found)
        let isAbsent = table.find(hash: seed.hash(3000, 0)) { $0 == 3000 } == nil
        #expect(isAbsent)
    }

    @Test("The index that means none is our own mistake, and is caught")
    func noIndex() async {
        await #expect(processExitsWith: .failure) {
            var table = IndexTable()
            table.insert(hash: 0, index: .max)
        }
        await #expect(processExitsWith: .failure) {
            var table = IndexTable()
            table.remove(hash: 0, index: .max)
        }
    }
}
