internal import Glibc

/// Random numbers for tests, all of which follow from one seed (Steele's SplitMix64).
///
/// A failing test prints its generator; running it again with that number in `CULVERT_SEED` repeats it.
package struct SeededRandom: RandomNumberGenerator, Sendable, CustomStringConvertible {
    /// Where this run began.
    package let seed: UInt64
    private var state: UInt64

    /// A run from the seed in the environment, or from a new one.
    package init() {
        let given = unsafe getenv("CULVERT_SEED").flatMap { unsafe UInt64(String(cString: $0)) }
        self.init(seed: given ?? UInt64.random(in: 0 ... .max))
    }

    /// A run from a seed.
    package init(seed: UInt64) {
        self.seed = seed
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }

    package var description: String { "CULVERT_SEED=\(seed)" }
}
