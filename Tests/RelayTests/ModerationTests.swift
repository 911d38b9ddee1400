import Relay
import Testing
import Timing

@Suite("Moderation")
struct ModerationTests {
    private static let delay: UInt64 = 500_000

    /// Turns at an even pace, each with so many packets, for half a second of a clock that only this test moves. Returns
    /// how many turns of the second half ended in a pause.
    private func pauses(turnsPerSecond: UInt64, packets: Int, end: (Instant, Instant) -> Void = { _, _ in }) -> Int {
        var now = Instant(nanoseconds: 7_000_000_000)
        var moderation = Moderation(delay: Self.delay, start: now)
        let turns = turnsPerSecond / 2
        var pauses = 0
        for turn in 0..<turns {
            now = now.adding(nanoseconds: 1_000_000_000 / turnsPerSecond)
            guard let until = moderation.pause(after: packets, at: now) else { continue }
            end(now, until)
            if turn >= turns / 2 { pauses += 1 }
        }
        return pauses
    }

    @Test(
        "No packet waits below 2000 packets a second, however they come",
        arguments: [(1, 1), (100, 1), (500, 4), (2_000, 1), (60, 32), (60, 31), (30, 66)] as [(UInt64, Int)])
    func fewPackets(turnsPerSecond: UInt64, packets: Int) {
        #expect(pauses(turnsPerSecond: turnsPerSecond, packets: packets) == 0)
    }

    @Test(
        "Under medium load every turn is followed by a pause",
        arguments: [(20_000, 1), (5_000, 4), (2_000, 10), (2_000, 31), (5_000, 1)] as [(UInt64, Int)])
    func mediumLoad(turnsPerSecond: UInt64, packets: Int) {
        #expect(pauses(turnsPerSecond: turnsPerSecond, packets: packets) == Int(turnsPerSecond / 4))
    }

    @Test("A full turn is not followed by a pause: there is nothing to be saved, and no time to lose")
    func fullTurns() {
        #expect(pauses(turnsPerSecond: 5_000, packets: Moderation.fullTurn) == 0)
    }

    @Test("A pause ends when the delay has passed since the turn began")
    func bound() {
        var count = 0
        _ = pauses(turnsPerSecond: 10_000, packets: 2) { now, until in
            count += 1
            #expect(until == now.adding(nanoseconds: Self.delay))
        }
        #expect(count > 0)
    }

    @Test("A turn without packets is not followed by a pause, even while there is much to do")
    func emptyTurns() {
        var now = Instant(nanoseconds: 1)
        var moderation = Moderation(delay: Self.delay, start: now)
        for _ in 0..<1000 {
            now = now.adding(nanoseconds: 100_000)
            _ = moderation.pause(after: 2, at: now)
        }
        #expect(moderation.pause(after: 1, at: now) != nil)
        #expect(moderation.pause(after: 0, at: now) == nil)
    }

    @Test("Half a tenth of a second after the load has gone nothing waits any more")
    func loadGoes() {
        var now = Instant(nanoseconds: 1)
        var moderation = Moderation(delay: Self.delay, start: now)
        for _ in 0..<1000 {
            now = now.adding(nanoseconds: 100_000)
            _ = moderation.pause(after: 2, at: now)
        }
        // Of the span that is under way, some still counts.
        now = now.adding(nanoseconds: Moderation.span)
        _ = moderation.pause(after: 1, at: now)
        now = now.adding(nanoseconds: Moderation.span)
        #expect(moderation.pause(after: 1, at: now) == nil)
    }

    @Test("Counting goes on over years")
    func longSilence() {
        var moderation = Moderation(delay: Self.delay, start: Instant(nanoseconds: 0))
        #expect(moderation.pause(after: 31, at: Instant(nanoseconds: .max - 1)) == nil)
        #expect(moderation.pause(after: 31, at: .distantFuture) == nil)
    }
}
