import SeededRandom
import Testing
import Timing

@Suite("TimerWheel", .timeLimit(.minutes(1)))
struct TimerWheelTests {
    static let second: UInt64 = 1_000_000_000

    func instant(_ seconds: Double) -> Instant { Instant(nanoseconds: UInt64(seconds * Double(Self.second))) }

    /// All payloads that are due, in the order in which they come.
    func expired(_ wheel: inout TimerWheel, at now: Instant) -> [UInt64] {
        var payloads: [UInt64] = []
        while let payload = wheel.popExpired(now: now) { payloads.append(payload) }
        return payloads
    }

    @Test("A timer fires on the first tick at or after its deadline, and once")
    func firing() {
        var wheel = TimerWheel(start: instant(100.5), tickMilliseconds: 1000, bucketCount: 16)
        _ = wheel.schedule(at: instant(105), payload: 1)
        _ = wheel.schedule(at: instant(105.001), payload: 2)
        var fired: [[UInt64]] = []
        for now in [100.6, 104, 104.999, 105, 105.5, 105.999, 106, 107, 1000] {
            fired.append(expired(&wheel, at: instant(now)))
        }
        #expect(fired == [[], [], [], [1], [], [], [2], [], []])
        let count = wheel.count
        #expect(count == 0)
    }

    @Test("A deadline that has passed fires on the next tick")
    func pastDeadlines() {
        var wheel = TimerWheel(start: instant(100.5), tickMilliseconds: 1000, bucketCount: 16)
        _ = wheel.schedule(at: .distantPast, payload: 1)
        _ = wheel.schedule(at: instant(100.5), payload: 2)
        let before = expired(&wheel, at: instant(100.999))
        let after = expired(&wheel, at: instant(101))
        #expect(before == [] && after.sorted() == [1, 2])
    }

    @Test("A cancelled timer does not fire, wherever in its bucket it stands", arguments: 0..<5)
    func cancelling(position: Int) {
        var wheel = TimerWheel(start: instant(0), bucketCount: 16)
        let timers = (0..<5 as Range<UInt64>).map { wheel.schedule(at: instant(3), payload: $0) }
        wheel.cancel(timers[position])
        let fired = expired(&wheel, at: instant(3))
        #expect(fired.sorted() == (0..<5 as Range<UInt64>).filter { $0 != UInt64(position) })
    }

    @Test("Timers may be cancelled and set between two that fire at once")
    func cancellingAmongDue() {
        var wheel = TimerWheel(start: instant(0), bucketCount: 16)
        let timers = (0..<10 as Range<UInt64>).map { wheel.schedule(at: instant(3), payload: $0) }
        let first = wheel.popExpired(now: instant(3))
        let rest = (0..<10 as Range<UInt64>).filter { $0 != first }
        wheel.cancel(timers[Int(rest[0])])
        wheel.cancel(timers[Int(rest[8])])
        _ = wheel.schedule(at: instant(3), payload: 100)
        let now = expired(&wheel, at: instant(3))
        let next = expired(&wheel, at: instant(4))
        #expect(now.sorted() == Array(rest[1..<8]) && next == [100])
    }

    @Test("A deadline beyond the last bucket goes round until it is due")
    func beyondTheLastBucket() {
        var wheel = TimerWheel(start: instant(0), tickMilliseconds: 1000, bucketCount: 4)
        for deadline in [3, 4, 5, 7, 8, 9, 100] as [UInt64] {
            _ = wheel.schedule(at: instant(Double(deadline)), payload: deadline)
        }
        var fired: [UInt64] = []
        for now in 1...100 {
            for payload in expired(&wheel, at: instant(Double(now))) {
                #expect(payload == UInt64(now))
                fired.append(payload)
            }
        }
        #expect(fired == [3, 4, 5, 7, 8, 9, 100])
    }

    @Test("A jump of one hour fires all it passed and nothing else")
    func hourJump() {
        var wheel = TimerWheel(start: instant(0))
        for second in 1...7200 as ClosedRange<UInt64> {
            _ = wheel.schedule(at: instant(Double(second)), payload: second)
        }
        let fired = expired(&wheel, at: instant(3600))
        #expect(fired.sorted() == Array(1...3600))
        let later = expired(&wheel, at: instant(7200))
        #expect(later.sorted() == Array(3601...7200))
    }

    @Test("A jump costs one round at most, were it a hundred years of milliseconds")
    func centuryJump() {
        let century = Double(100 * 365 * 86_400)
        var wheel = TimerWheel(start: instant(0), tickMilliseconds: 1, bucketCount: 1024)
        _ = wheel.schedule(at: instant(5), payload: 1)
        _ = wheel.schedule(at: instant(century - 0.5), payload: 2)
        _ = wheel.schedule(at: instant(century + 1), payload: 3)
        _ = wheel.schedule(at: .distantFuture, payload: 4)
        let fired = expired(&wheel, at: instant(century))
        let early = expired(&wheel, at: instant(century + 0.999))
        let last = expired(&wheel, at: instant(century + 1.001))
        #expect(fired.sorted() == [1, 2] && early == [] && last == [3])
    }

    @Test("The end of time can be asked about")
    func endOfTime() {
        var wheel = TimerWheel(start: instant(0))
        _ = wheel.schedule(at: .distantFuture, payload: 1)
        let fired = expired(&wheel, at: .distantFuture)
        let next = wheel.nextTick()
        #expect(fired == [] && next == .distantFuture)
    }

    @Test("An empty wheel needs no look; one with timers is looked at on the next tick")
    func nextTick() {
        var wheel = TimerWheel(start: instant(10.5))
        let none = wheel.nextTick()
        let timer = wheel.schedule(at: instant(50), payload: 1)
        let next = wheel.nextTick()
        wheel.cancel(timer)
        let noneAgain = wheel.nextTick()
        #expect(none == nil && next == instant(11) && noneAgain == nil)
        _ = wheel.schedule(at: instant(12), payload: 1)
        _ = wheel.schedule(at: instant(12), payload: 2)
        _ = wheel.popExpired(now: instant(20))
        let overdue = wheel.nextTick()
        #expect(overdue.map { $0 <= instant(20) } == true)
    }

    @Test("It does what a list of deadlines does, for random operations", arguments: [2, 16, 1024])
    func model(bucketCount: Int) {
        struct Timer {
            let id: TimerWheel.TimerID
            let deadline: UInt64
            let setAt: UInt64
        }
        let tick: UInt64 = 1_000_000
        var random = SeededRandom()
        var now = UInt64.random(in: 0..<1_000_000_000_000, using: &random)
        var wheel = TimerWheel(start: Instant(nanoseconds: now), tickMilliseconds: 1, bucketCount: bucketCount)
        var model: [UInt64: Timer] = [:]
        /// Up to one of the lengths: most are short, and some long.
        func someTime(_ lengths: [UInt64]) -> UInt64 {
            UInt64.random(in: 0...(lengths.randomElement(using: &random) ?? 0), using: &random)
        }
        for payload in 0..<20_000 as Range<UInt64> {
            let deadline = now + someTime([0, tick / 2, 10 * tick, 100 * tick, 5000 * tick])
            let id = wheel.schedule(at: Instant(nanoseconds: deadline), payload: payload)
            model[payload] = Timer(id: id, deadline: deadline, setAt: now)
            if Int.random(in: 0..<3, using: &random) == 0, let (other, timer) = model.randomElement(using: &random) {
                wheel.cancel(timer.id)
                model[other] = nil
            }
            now += someTime([0, 0, tick / 3, tick, 20 * tick, 3000 * tick])
            while let fired = wheel.popExpired(now: Instant(nanoseconds: now)) {
                let timer = model.removeValue(forKey: fired)
                #expect(timer.map { $0.deadline <= now } == true, "\(random): early, twice or cancelled")
            }
            let late = model.values.contains { max($0.deadline, $0.setAt) + tick <= now }
            #expect(!late, "\(random): later than a tick")
            let count = wheel.count
            #expect(count == model.count, "\(random)")
        }
    }
}
