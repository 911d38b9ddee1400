/// The secret of a keyed hash for the tables of one worker. Addresses and ports are chosen by strangers: with a fixed
/// hash they could choose them to collide, so the seed is random in each process and never logged.
@frozen
public struct HashSeed: Sendable, BitwiseCopyable {
    @usableFromInline let first: UInt64
    @usableFromInline let second: UInt64

    /// A seed from the system's random numbers.
    public init() {
        var random = SystemRandomNumberGenerator()
        self.init(random.next(), random.next())
    }

    /// A fixed seed, for simulations that must be repeatable.
    public init(_ first: UInt64, _ second: UInt64) {
        self.first = first | 1
        self.second = second | 1
    }

    /// Hashes two words: two wide multiplications, folded.
    @inlinable
    public func hash(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = (a ^ first).multipliedFullWidth(by: b ^ second)
        return mix(product.high ^ product.low)
    }

    /// Hashes three words.
    @inlinable
    @inline(__always)
    public func hash(_ a: UInt64, _ b: UInt64, _ c: UInt64) -> UInt64 {
        hash(hash(a, b), c)
    }

    @inlinable
    func mix(_ word: UInt64) -> UInt64 {
        let product = (word ^ second).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15 ^ first)
        return product.high ^ product.low
    }
}
