import Testing
import Timing

@Suite("Instants")
struct InstantTests {
    @Test("Sums end at the end of time")
    func saturation() {
        let late = Instant(nanoseconds: .max - 5)
        #expect(late.adding(nanoseconds: 5) == .distantFuture)
        #expect(late.adding(nanoseconds: 6) == .distantFuture)
        #expect(late.adding(nanoseconds: .max) == .distantFuture)
        #expect(late.adding(seconds: .max) == .distantFuture)
        #expect(late.adding(milliseconds: .max) == .distantFuture)
        #expect(Instant.distantFuture.adding(seconds: 0) == .distantFuture)
        #expect(Instant.distantPast.adding(seconds: .max).nanoseconds == 4_294_967_295_000_000_000)
        #expect(Instant.distantPast.adding(milliseconds: 1).nanoseconds == 1_000_000)
    }

    @Test("Differences do not go below zero")
    func differences() {
        let early = Instant(nanoseconds: 10)
        let late = Instant(nanoseconds: 25)
        #expect(late.nanoseconds(since: early) == 15)
        #expect(early.nanoseconds(since: late) == 0)
        #expect(late.nanoseconds(since: late) == 0)
        #expect(Instant.distantFuture.nanoseconds(since: .distantPast) == .max)
        #expect(early < late && !(late < early) && .distantPast < early && late < .distantFuture)
    }

    @Test(
        "What is left is whole seconds, rounded up",
        arguments: [
            (0, 0), (1, 1), (999_999_999, 1), (1_000_000_000, 1), (1_000_000_001, 2), (600_000_000_000, 600),
            (599_000_000_001, 600),
        ] as [(UInt64, UInt32)])
    func secondsLeft(nanoseconds: UInt64, seconds: UInt32) {
        let start = Instant(nanoseconds: 123)
        #expect(start.secondsUntil(start.adding(nanoseconds: nanoseconds)) == seconds)
        #expect(start.adding(nanoseconds: 1).secondsUntil(start) == 0)
    }

    @Test("The seconds until the end of time fit")
    func farFuture() {
        #expect(Instant.distantPast.secondsUntil(.distantFuture) == .max)
    }
}
