import Addressing
import STUN
import Tables
import TestBench
import Testing
import Timing

@testable import TURN

@Suite("Reply limiter")
struct ReplyLimiterTests {
    let start = Instant(nanoseconds: 1_000_000_000_000)

    func limiter(_ rate: UInt32 = 10, burst: UInt32 = 50) -> ReplyLimiter {
        ReplyLimiter(repliesPerSecond: rate, burst: burst, seed: HashSeed(1, 2))
    }

    @Test("R3: a source gets the burst, then the rate, and no more")
    func rate() {
        var limiter = limiter()
        let source = Bench.ip("90.0.0.5")
        let atOnce = (0..<100).count { _ in limiter.admits(source, now: start) }
        #expect(atOnce == 50)
        var replies = 0
        for step in 1...1000 where limiter.admits(source, now: start.adding(milliseconds: UInt32(step * 10))) {
            replies += 1
        }
        #expect((99...101).contains(replies))
    }

    @Test("R3: a source that was quiet has its burst again, and not more")
    func refill() {
        var limiter = limiter()
        let source = Bench.ip("90.0.0.5")
        for _ in 0..<100 { _ = limiter.admits(source, now: start) }
        let later = start.adding(seconds: 3600)
        let atOnce = (0..<100).count { _ in limiter.admits(source, now: later) }
        #expect(atOnce == 50)
    }

    @Test("R3: another source is not touched; IPv6 sources count by their /64")
    func sources() {
        var limiter = limiter()
        for _ in 0..<100 { _ = limiter.admits(Bench.ip("90.0.0.5"), now: start) }
        let isOtherAdmitted = limiter.admits(Bench.ip("90.0.0.6"), now: start)
        #expect(isOtherAdmitted)
        for index in 0..<100 {
            _ = limiter.admits(IPAddress(v6High: 0x2A03_0000_0000_0001, low: UInt64(index)), now: start)
        }
        let isNeighbourAdmitted = limiter.admits(Bench.ip("2a03:0:0:1:ffff::9"), now: start)
        let isOtherPrefixAdmitted = limiter.admits(Bench.ip("2a03:0:0:2::9"), now: start)
        #expect(!isNeighbourAdmitted)
        #expect(isOtherPrefixAdmitted)
    }

    @Test("R3: a million sources share a fixed number of buckets")
    func fixedMemory() {
        var limiter = limiter()
        var admitted = 0
        for index in 0..<UInt32(1_000_000) where limiter.admits(IPAddress(v4: 0x0100_0000 + index), now: start) {
            admitted += 1
        }
        #expect(admitted <= 4096 * 50)
        #expect(admitted > 4000 * 50)
    }

    @Test("R3: zero is no limit, extremes do not trap")
    func extremes() {
        var off = limiter(0)
        let admitted = (0..<1000).count { _ in off.admits(Bench.ip("90.0.0.5"), now: start) }
        #expect(admitted == 1000)
        for rate: UInt32 in [1, .max] {
            for burst: UInt32 in [0, 1, .max] {
                var limiter = limiter(rate, burst: burst)
                let isAdmitted = limiter.admits(Bench.ip("90.0.0.5"), now: start)
                #expect(isAdmitted)
                _ = limiter.admits(Bench.ip("90.0.0.5"), now: .distantFuture)
            }
        }
    }

    @Test("R3: only error replies to the unauthenticated are limited")
    func inTheEngine() throws {
        let bench = Bench {
            $0.errorRepliesPerSecond = 10
            $0.errorReplyBurst = 5
        }
        let alice = bench.client()
        _ = try alice.relayed()
        var replies = 0
        for _ in 0..<100 where alice.send(alice.bare(.allocate)) != .silence { replies += 1 }
        #expect(replies == 4)  // one was the challenge before
        #expect(bench.engine.drops[.rateLimited] == 96)
        for _ in 0..<100 {
            #expect(try alice.answer(to: alice.bare(.binding)).isSuccess)
            #expect(try alice.permit().error == 400)
            #expect(try alice.refresh().isSuccess)
        }
        #expect(try bench.client("bob", at: "90.0.0.2:1").allocate().isSuccess)
        bench.advance(seconds: 1)
        #expect(alice.send(alice.bare(.allocate)) != .silence)
    }

    @Test("R3: 438, 400 and 420 to strangers are limited as 401 is")
    func everyCode() throws {
        let bench = Bench {
            $0.errorRepliesPerSecond = 1
            $0.errorReplyBurst = 1
        }
        for (index, kind) in ["401", "438", "400", "420"].enumerated() {
            let alice = bench.client(at: "90.0.\(index).1:5000")
            alice.nonce = [1]
            var writer = MessageWriter()
            writer.begin(MessageType(.allocate, .request), TestClient.freshTransactionID())
            alice.sign(&writer)
            let bytes =
                switch kind {
                case "401": alice.bare(.allocate)
                case "438": alice.message(.allocate)
                case "400": writer.bytes
                default: alice.bare(.binding) { $0.add(AttributeType(rawValue: 0x7777), []) }
                }
            #expect(try alice.answer(to: bytes).error == UInt16(kind))
            #expect(alice.send(bytes) == .silence)
        }
    }
}
