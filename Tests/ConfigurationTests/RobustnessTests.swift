import Configuration
import Testing

/// Whatever stands in the file, reading it ends, in an outcome and not in a trap.
struct RobustnessTests {
    @Test func randomBytesAreSurvived() {
        var random = SplitMix()
        print("seed of the random files: \(random.seed)")
        for _ in 0..<300 {
            let count = Int.random(in: 0...400, using: &random)
            _ = load((0..<count).map { _ in UInt8.random(in: 0...255, using: &random) })
        }
    }

    @Test(arguments: FixtureTests.names)
    func mutatedFilesAreSurvived(name: String) throws {
        var random = SplitMix()
        print("seed of the mutations of \(name).conf: \(random.seed)")
        let original = try #require(bytes(of: "Tests/ConfigurationTests/Fixtures/\(name).conf"))
        for _ in 0..<60 {
            var mutated = original
            for _ in 0..<Int.random(in: 1...12, using: &random) { mutate(&mutated, &random) }
            _ = load(mutated, arguments: ["--check-config"])
        }
    }

    @Test(arguments: ["", "\"", "=", "#", " ", "\t=\"", "a", "\u{0}", "user=", "realm=\"", "\" "])
    func longLinesAreSurvived(piece: String) {
        _ = load(String(repeating: piece, count: 20_000))
        _ = load("realm=" + String(repeating: piece, count: 20_000))
    }

    private func mutate(_ bytes: inout [UInt8], _ random: inout SplitMix) {
        let at = Int.random(in: 0..<max(1, bytes.count), using: &random)
        guard at < bytes.count else { return }
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: at)
        case 2: bytes.insert(Array("\"#=\0\n\r \t:/-0".utf8).randomElement(using: &random) ?? 0, at: at)
        default: bytes.removeSubrange(at..<min(bytes.count, at + 40))
        }
    }
}

/// A generator that repeats itself from its seed (Steele, Lea and Flood, 2014).
private struct SplitMix: RandomNumberGenerator {
    let seed: UInt64
    private var state: UInt64

    init(seed: UInt64 = .random(in: 0...UInt64.max)) {
        self.seed = seed
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
