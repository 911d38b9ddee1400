import Addressing
import STUN
import TURN
import TestBench
import Testing
import Timing

@Suite("Classic STUN")
struct ClassicBindingTests {
    let bench = Bench { $0.answersClassicSTUN = true }
    let id: [UInt8] = Array(0xA0...0xAF)

    /// A message of RFC 3489.
    func message(_ type: UInt16 = 0x0001, _ attributes: [(UInt16, [UInt8])] = []) -> [UInt8] {
        var body: [UInt8] = []
        for (type, value) in attributes {
            body += header(type, value.count)
            body += value
            while body.count % 4 != 0 { body.append(0) }
        }
        return header(type, body.count) + id + body
    }

    /// An answer: header, id and attributes.
    func reply(_ type: UInt16, _ length: Int, _ attributes: [UInt8]...) -> [UInt8] {
        var bytes = header(type, length)
        bytes += id
        for part in attributes { bytes += part }
        return bytes
    }

    /// Two numbers of two bytes, as messages and attributes begin with.
    func header(_ type: UInt16, _ length: Int) -> [UInt8] {
        [UInt8(type >> 8), UInt8(type & 0xFF), UInt8(length >> 8), UInt8(length & 0xFF)]
    }

    /// The bytes of the answer; nil for silence.
    func answer(
        _ bytes: [UInt8], over transport: ClientTransport = .udp, at address: String = "90.0.0.1:5000",
        of bench: Bench? = nil
    ) -> [UInt8]? {
        let bench = bench ?? self.bench
        let client = bench.client(at: address, over: transport)
        let action = bench.engine.receive(bytes.span, from: client.asSource, now: bench.now, host: &bench.host)
        guard case .reply = action else { return nil }
        return bench.engine.reply
    }

    @Test("C02: a Binding without cookie gets its whole 128-bit id back and MAPPED-ADDRESS, no more")
    func success() {
        let expected = reply(0x0101, 12, header(1, 8), [0, 1, 0x13, 0x88, 90, 0, 0, 1])
        #expect(answer(message()) == expected)
    }

    @Test("C02: over IPv6 too")
    func ipv6() {
        let address: [UInt8] = [0x2A, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7]
        let expected = reply(0x0101, 24, header(1, 20), [0, 2, 0x13, 0x88], address)
        #expect(answer(message(), at: "[2a03::7]:5000") == expected)
    }

    @Test("C03, R6: CHANGE-REQUEST and RESPONSE-ADDRESS get 420 back where they came from")
    func redirection() {
        let change: (UInt16, [UInt8]) = (0x0003, [0, 0, 0, 6])
        let response: (UInt16, [UInt8]) = (0x0002, [0, 1, 0, 80, 1, 2, 3, 4])
        let cases: [([(UInt16, [UInt8])], [UInt8])] = [
            ([change], [0, 3, 0, 3]), ([response], [0, 2, 0, 2]), ([change, response, change], [0, 3, 0, 2]),
        ]
        for (attributes, refused) in cases {
            let expected = reply(0x0111, 16, header(9, 4), [0, 0, 4, 20], header(0x000A, 4), refused)
            #expect(answer(message(1, attributes)) == expected)
        }
    }

    @Test("C03: a CHANGE-REQUEST that asks for no change, as old clients always send, is no matter")
    func noChange() {
        #expect(answer(message(1, [(0x0003, [0, 0, 0, 0])]))?.count == 32)
    }

    @Test("C07: PASSWORD in a Binding is ignored")
    func password() {
        #expect(answer(message(1, [(0x0007, [1, 2, 3, 4])]))?.count == 32)
    }

    @Test(
        "C05: no other method without cookie is answered", arguments: [0x0002, 0x0003, 0x0004, 0x0008, 0x0011, 0x0101])
    func otherMethods(type: UInt16) {
        #expect(answer(message(type)) == nil)
    }

    @Test("C02: what is broken is dropped: wrong length, attributes that overrun")
    func broken() {
        #expect(answer(message() + [0, 0, 0, 0]) == nil)
        #expect(answer(Array(message().dropLast())) == nil)
        var bytes = message(1, [(0x0006, [1, 2, 3, 4])])
        bytes[23] = 5
        #expect(answer(bytes) == nil)
        #expect(answer(message(1, Array(repeating: (0x8123, []), count: 65))) == nil)
    }

    @Test("C01: without the switch nothing without cookie is answered, but over DTLS")
    func off() {
        let bench = Bench()
        for transport in ClientTransport.allCases where transport != .dtls {
            let outcome = bench.client(over: transport).send(message())
            #expect(outcome == (transport.isStream ? .closed : .silence))
        }
    }

    @Test("C02: on streams it stays closed, where nobody ever spoke it")
    func streams() {
        #expect(bench.client(over: .tcp).send(message()) == .closed)
        #expect(bench.client(over: .tls).send(message()) == .closed)
    }

    @Test(
        "C04: over DTLS a request without cookie gets 500 whatever is set, an indication nothing",
        arguments: [true, false])
    func dtls(isSpoken: Bool) {
        let bench = Bench { $0.answersClassicSTUN = isSpoken }
        let expected = reply(0x0111, 8, header(9, 4), [0, 0, 5, 0])
        #expect(answer(message(), over: .dtls, of: bench) == expected)
        #expect(answer(message(0x0011), over: .dtls, of: bench) == nil)
    }

    @Test("C02: with no-stun or secure-stun there is no way round them")
    func switchedOff() {
        for isSecure in [false, true] {
            let bench = Bench {
                $0.answersClassicSTUN = true
                $0.authenticatesBinding = isSecure
                $0.ignoresBinding = !isSecure
            }
            #expect(bench.client().send(message()) == .silence)
        }
    }

    @Test("R3: errors are limited per source")
    func limited() {
        let bench = Bench {
            $0.answersClassicSTUN = true
            $0.errorRepliesPerSecond = 10
            $0.errorReplyBurst = 5
        }
        let client = bench.client()
        let request = message(1, [(0x0003, [0, 0, 0, 6])])
        var answered = 0
        for _ in 0..<20 {
            let action = bench.engine.receive(request.span, from: client.asSource, now: bench.now, host: &bench.host)
            if case .reply = action { answered += 1 }
        }
        #expect(answered == 5)
    }
}
