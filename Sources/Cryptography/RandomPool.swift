import Glibc

/// Random bytes drawn from the system a block at a time: one system call serves many transaction ids.
///
/// Nonce keys, ports, tokens and ids all come from here (CVE-2025-69217 was a server that used `random()`). A simulation
/// gives its own source so that a run can be repeated from its seed.
package struct RandomPool: ~Copyable {
    private var words: [UInt64]
    private var used: Int
    private let refill: @Sendable (inout [UInt64]) -> Void

    /// 256 bytes, the most that getentropy(3) gives at once.
    private static var blockWordCount: Int { 32 }

    /// A pool over the system's generator.
    package init() {
        self.init { words in
            // Swift's generator makes a system call for each number; it stands in should this one ever fail.
            let filled = unsafe words.withUnsafeMutableBytes { unsafe getentropy($0.baseAddress, $0.count) }
            guard filled != 0 else { return }
            var system = SystemRandomNumberGenerator()
            for index in words.indices { words[index] = system.next() }
        }
    }

    /// A pool over another source.
    package init(refill: @escaping @Sendable (inout [UInt64]) -> Void) {
        words = Array(repeating: 0, count: Self.blockWordCount)
        used = words.count
        self.refill = refill
    }

    /// 64 random bits, each handed out once.
    package mutating func next() -> UInt64 {
        if used == words.count {
            refill(&words)
            used = 0
        }
        defer { used += 1 }
        return words[used]
    }

    /// A uniformly distributed number below `bound`, which must be positive.
    package mutating func next(below bound: UInt32) -> UInt32 {
        precondition(bound > 0)
        // Lemire's multiply and reject: no bias.
        while true {
            let product = UInt64(UInt32(truncatingIfNeeded: next())) * UInt64(bound)
            if UInt32(truncatingIfNeeded: product) >= (0 &- bound) % bound {
                return UInt32(truncatingIfNeeded: product >> 32)
            }
        }
    }
}
