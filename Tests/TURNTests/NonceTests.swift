import Addressing
import STUN
import TURN
import TestBench
import Testing

@Suite("Nonces")
struct NonceTests {
    let client = Bench.address("90.0.0.1:5000")
    let time: Int64 = 1_700_000_000

    func mint(_ key: [UInt8] = Array(1...32), lifetime: UInt32 = 600) -> NonceMint {
        NonceMint(key: key, lifetimeSeconds: lifetime)
    }

    @Test("D07, D08: a nonce is 37 characters of qdtext and begins with the cookie that offers no feature")
    func form() {
        var mint = mint()
        let nonce = mint.issue(to: client, over: .udp, unixSeconds: time)
        #expect(nonce.count == 37)
        #expect(nonce.starts(with: Array("obMatJos2AAAA".utf8)))
        let quote = UInt8(ascii: "\"")
        let backslash = UInt8(ascii: "\\")
        #expect(nonce.allSatisfy { (0x21...0x7E).contains($0) && $0 != quote && $0 != backslash })
    }

    @Test("N1: every changed byte of a nonce makes it foreign")
    func flipped() {
        var mint = mint()
        let nonce = mint.issue(to: client, over: .udp, unixSeconds: time)
        #expect(mint.verify(nonce.span, from: client, over: .udp, unixSeconds: time) == .valid)
        for index in nonce.indices {
            for bit in 0..<8 {
                var bad = nonce
                bad[index] ^= UInt8(1 << bit)
                #expect(mint.verify(bad.span, from: client, over: .udp, unixSeconds: time) == .foreign)
            }
        }
        for bad in [[], Array(nonce.dropLast()), nonce + [0x41], Array(nonce.dropFirst())] {
            #expect(mint.verify(bad.span, from: client, over: .udp, unixSeconds: time) == .foreign)
        }
    }

    @Test("D06, N1: a nonce is bound to address, port, family and transport")
    func bound() {
        var mint = mint()
        let nonce = mint.issue(to: client, over: .udp, unixSeconds: time)
        for other in ["90.0.0.1:5001", "90.0.0.2:5000", "[::5a00:1]:5000", "[::ffff:90.0.0.1]:5000"] {
            #expect(mint.verify(nonce.span, from: Bench.address(other), over: .udp, unixSeconds: time) == .foreign)
        }
        for transport in ClientTransport.allCases where transport != .udp {
            #expect(mint.verify(nonce.span, from: client, over: transport, unixSeconds: time) == .foreign)
        }
    }

    @Test("D06, N1: a nonce of one socket gets 438 on another, and the whole request replayed there too")
    func replayed() throws {
        let bench = Bench()
        let alice = bench.client()
        try alice.takeNonce()
        let bytes = alice.message(.allocate) { $0.add(.requestedTransport, UInt32(17 << 24)) }
        for thief in [bench.client(at: "90.0.0.1:5001"), bench.client(at: "90.0.0.2:5000"), bench.client(over: .tcp)] {
            #expect(try thief.answer(to: bytes).error == 438)
            thief.nonce = alice.nonce
            #expect(try thief.answer(to: thief.message(.allocate)).error == 438)
        }
        #expect(bench.isEmpty)
        let first = try alice.answer(to: bytes)
        #expect(first.isSuccess)
        #expect(try alice.answer(to: bytes) == first)
        #expect(bench.host.openedCount == 1)
    }

    @Test("N1, 0d: a nonce is good up to its lifetime and expired a second later")
    func age() {
        var mint = mint()
        let nonce = mint.issue(to: client, over: .udp, unixSeconds: time)
        for (age, verdict): (Int64, NonceMint.Verdict) in [
            (0, .valid), (599, .valid), (600, .valid), (601, .expired), (100_000, .expired), (-5, .valid),
            (-6, .foreign),
        ] {
            #expect(mint.verify(nonce.span, from: client, over: .udp, unixSeconds: time + age) == verdict)
        }
    }

    @Test("N1: a lifetime of zero is for ever")
    func forEver() {
        var mint = mint(lifetime: 0)
        let nonce = mint.issue(to: client, over: .udp, unixSeconds: time)
        #expect(mint.verify(nonce.span, from: client, over: .udp, unixSeconds: time + 1_000_000_000) == .valid)
    }

    @Test("N1: another key makes it foreign, the same key in another process does not")
    func keys() {
        var first = mint()
        var same = mint()
        var other = mint(Array(2...33))
        let nonce = first.issue(to: client, over: .udp, unixSeconds: time)
        #expect(same.verify(nonce.span, from: client, over: .udp, unixSeconds: time) == .valid)
        #expect(other.verify(nonce.span, from: client, over: .udp, unixSeconds: time) == .foreign)
    }

    @Test("D06: no two of a hundred thousand clients share a nonce")
    func distinct() {
        var mint = mint()
        var seen: Set<[UInt8]> = []
        for index in 0..<UInt32(100_000) {
            let client = TransportAddress(IPAddress(v4: 0x5A00_0000 + index / 16), port: UInt16(1 + index % 16))
            seen.insert(mint.issue(to: client, over: .udp, unixSeconds: time))
        }
        #expect(seen.count == 100_000)
    }

    @Test("D09: no reply carries PASSWORD-ALGORITHMS while the nonce offers none")
    func noAlgorithms() throws {
        let bench = Bench()
        let alice = bench.client()
        #expect(try !alice.answer(to: alice.bare(.allocate)).types.contains(.passwordAlgorithms))
    }
}
