import SeededRandom
import Testing
import Timing

@Suite("Rates of bytes")
struct ByteRateTests {
    private let now = Instant(nanoseconds: 5_000_000_000_000)

    /// A bucket that takes `bytes` in one go, or nil.
    private func filled(_ bytes: Int, _ rate: ByteRate) -> LeakyBucket? {
        rate.pour(bytes, into: LeakyBucket(), now: now)
    }

    @Test(
        "A second's worth fits into an empty bucket, and not a byte more",
        arguments: [1, 3, 7, 1000, 65_536, 1_234_567, 12_500_000])
    func burst(bytesPerSecond: Int) throws {
        let rate = ByteRate(bytesPerSecond: bytesPerSecond)
        #expect(rate.room(in: LeakyBucket(), now: now) == bytesPerSecond)
        #expect(filled(bytesPerSecond + 1, rate) == nil)
        let full = try #require(filled(bytesPerSecond, rate))
        #expect(rate.room(in: full, now: now) == 0)
        #expect(rate.pour(1, into: full, now: now) == nil)
    }

    @Test("Room comes back with time: not before, and not later")
    func refilling() throws {
        let rate = ByteRate(bytesPerSecond: 1000)
        let full = try #require(filled(1000, rate))
        let (before, after) = (now.adding(nanoseconds: 99_999_999), now.adding(nanoseconds: 100_000_000))
        #expect(rate.pour(100, into: full, now: before) == nil)
        #expect(rate.room(in: full, now: before) == 99)
        let again = try #require(rate.pour(100, into: full, now: after))
        #expect(rate.pour(1, into: again, now: after) == nil)
        #expect(rate.room(in: full, now: now.adding(seconds: 1000)) == 1000)
    }

    @Test("Zero, and what is less, is no limit")
    func unlimited() {
        for rate in [ByteRate.unlimited, ByteRate(bytesPerSecond: 0), ByteRate(bytesPerSecond: -5)] {
            #expect(rate.isUnlimited)
            #expect(filled(.max, rate) != nil)
            #expect(rate.room(in: LeakyBucket(emptyAt: .distantFuture), now: now) == .max)
        }
    }

    @Test("No number of bytes and no rate is too great or too small to count with")
    func extremes() {
        for bytesPerSecond in [1, 2, 999, .max / 2, .max] {
            let rate = ByteRate(bytesPerSecond: bytesPerSecond)
            #expect(!rate.isUnlimited)
            for count in [Int.min, -1, 0, 1, 65_535, .max / 2, .max] {
                let time = rate.nanoseconds(for: count)
                #expect(count > 0 || time == 0)
                for late in [Instant.distantPast, now, .distantFuture] {
                    _ = rate.pour(count, into: LeakyBucket(emptyAt: late), now: now)
                    #expect(rate.room(in: LeakyBucket(emptyAt: late), now: now) >= 0)
                }
            }
        }
        #expect(ByteRate(bytesPerSecond: 1).nanoseconds(for: .max) == .max)
    }

    @Test("Over any time what passes is the rate and a second's worth at most, and nearly that where more is offered")
    func average() {
        var random = SeededRandom()
        for _ in 0..<10 {
            let bytesPerSecond = Int.random(in: 70_000...5_000_000, using: &random)
            let rate = ByteRate(bytesPerSecond: bytesPerSecond)
            var (bucket, time, passed, seconds) = (LeakyBucket(), now, 0, 0.0)
            while seconds < 5 {
                let size = Int.random(in: 1...1500, using: &random)
                if let next = rate.pour(size, into: bucket, now: time) { (bucket, passed) = (next, passed + size) }
                // Up to three times what may pass.
                let pause = UInt64.random(in: 0...UInt64(500_000_000_000 / bytesPerSecond), using: &random)
                time = time.adding(nanoseconds: pause)
                seconds = Double(time.nanoseconds(since: now)) / 1e9
            }
            let most = Double(bytesPerSecond) * (seconds + 1)
            // Each datagram is reckoned to the nanosecond.
            #expect(Double(passed) <= most * 1.0001, "\(random)")
            #expect(Double(passed) >= most * 0.999 - 3000, "\(random)")
        }
    }
}
