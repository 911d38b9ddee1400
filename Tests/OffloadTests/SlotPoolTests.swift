import Testing
import Timing

@testable import Offload

struct SlotPoolTests {
    @Test("a pair of slots rests before it is handed out again")
    func rests() {
        var pool = SlotPool(2..<6)
        let start = Instant(nanoseconds: 5)
        #expect(pool.take(now: start) == 2)
        #expect(pool.take(now: start) == 4)
        #expect(pool.take(now: start) == nil)
        pool.giveBack(2, now: start)
        let rested = start.adding(seconds: SlotPool.rest)
        #expect(pool.take(now: Instant(nanoseconds: rested.nanoseconds - 1)) == nil)
        #expect(pool.take(now: rested) == 2)
        #expect(pool.take(now: rested) == nil)
    }

    @Test("after a hundred thousand rounds the pool has kept nothing back")
    func forgets() {
        var pool = SlotPool(0..<20)
        var now = Instant(nanoseconds: 0)
        for _ in 0..<100_000 {
            guard let slot = pool.take(now: now) else { return #expect(Bool(false), "a pair was lost") }
            pool.giveBack(slot, now: now)
            now = now.adding(milliseconds: 300)
        }
    }
}
