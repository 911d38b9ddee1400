import Addressing
import STUN
import TURN
import TestBench
import Testing

/// What is no request the server answers: broken, misdirected, or the server's own words thrown back at it.
@Suite("Messages")
struct MessageTests {
    let bench = Bench()

    @Test("A01: a datagram shorter than a header, or whose first two bits are set, is dropped")
    func tooShort() {
        let alice = bench.client()
        let bytes = alice.bare(.binding)
        for length in 0..<20 { #expect(alice.send(Array(bytes.prefix(length))) == .silence) }
        for first: UInt8 in 0x40...0xFF { #expect(alice.send([first] + bytes.dropFirst()) == .silence) }
    }

    @Test("A02, A03: a header length that is no multiple of four, or not that of the datagram, is dropped")
    func wrongLength() {
        let alice = bench.client()
        for length in [1, 2, 3, 4, 8, 65532, 65535] {
            var bytes = alice.bare(.binding)
            bytes[2] = UInt8(length >> 8)
            bytes[3] = UInt8(length & 0xFF)
            #expect(alice.send(bytes) == .silence)
        }
        #expect(alice.send(alice.bare(.binding) + [0]) == .silence)
        #expect(alice.send(alice.bare(.binding) + [0, 0, 0, 0]) == .silence)
        #expect(alice.send(Array(alice.bare(.binding) { $0.add(.priority, UInt32(1)) }.dropLast(4))) == .silence)
    }

    @Test("A04, C01: every wrong bit of the cookie drops the message")
    func wrongCookie() {
        let alice = bench.client()
        for bit in 0..<32 {
            var bytes = alice.bare(.binding)
            bytes[4 + bit / 8] ^= UInt8(1 << (bit % 8))
            #expect(alice.send(bytes) == .silence)
        }
    }

    @Test("A05, A06, R5: of all 16384 message types only the five requests are answered")
    func messageTypes() {
        let alice = bench.client()
        let answered: Set<UInt16> = [0x0001, 0x0003, 0x0004, 0x0008, 0x0009]
        for type: UInt16 in 0..<0x4000 {
            var bytes = alice.bare(.binding)
            bytes[0] = UInt8(type >> 8)
            bytes[1] = UInt8(type & 0xFF)
            #expect((alice.send(bytes) != .silence) == answered.contains(type), "\(type)")
        }
        #expect(bench.isEmpty)
    }

    @Test("A06: a message of the wrong class leaves an allocation as it was")
    func wrongClass() throws {
        let alice = bench.client()
        let relayed = try alice.relayed()
        for type in [
            MessageType(.allocate, .indication), MessageType(.refresh, .indication), MessageType(.refresh, .success),
            MessageType(.createPermission, .indication), MessageType(.send, .request), MessageType(.data, .indication),
            MessageType(.connectionAttempt, .indication),
        ] {
            var bytes = alice.message(.refresh) { writer in
                writer.add(.lifetime, UInt32(0))
                writer.add(.xorPeerAddress, xor: Bench.address("5.6.7.8:1"))
                writer.add(.data, [1])
            }
            bytes[0] = UInt8(type.wireValue >> 8)
            bytes[1] = UInt8(type.wireValue & 0xFF)
            #expect(alice.send(bytes) == .silence)
        }
        #expect(bench.host.handle(at: relayed) != nil)
        #expect(bench.engine.permissionCount == 0)
    }

    @Test("A07: an attribute that runs past the end drops the message; on a stream it ends the connection")
    func overrun() {
        for (transport, outcome) in [
            (ClientTransport.udp, Outcome.silence), (.dtls, .silence), (.tcp, .closed), (.tls, .closed),
        ] {
            let alice = bench.client(over: transport)
            for length in [5, 8, 9, 100, 0xFFFC, 0xFFFF] {
                var bytes = alice.bare(.binding) { $0.add(.priority, UInt32(1)) }
                bytes[22] = UInt8(length >> 8)
                bytes[23] = UInt8(length & 0xFF)
                #expect(alice.send(bytes) == outcome)
            }
        }
    }

    @Test("A08: padding that is not zero is accepted")
    func padding() throws {
        let alice = bench.client()
        var bytes = alice.bare(.binding) { $0.add(.software, [1, 2, 3, 4, 5]) }
        bytes[bytes.count - 1] = 0x20
        bytes[bytes.count - 2] = 0xFF
        #expect(try alice.answer(to: bytes).isSuccess)
    }

    @Test("A08, P7: the padding of replies is zero, whatever was in the buffer before")
    func ownPadding() throws {
        // `Reply` refuses any message with padding that is not zero; here long replies come before short ones.
        let bench = Bench {
            $0.software = [UInt8](repeating: 0xAA, count: 101)
            $0.addsReason = true
        }
        let alice = bench.client()
        for _ in 0..<20 {
            let reply = try alice.answer(
                to: alice.bare(.binding) { writer in
                    for type in 0..<15 { writer.add(AttributeType(rawValue: UInt16(0x7A00 + type)), []) }
                })
            #expect(reply.error == 420)
            #expect(try alice.answer(to: alice.bare(.refresh)).error == 401)
        }
    }

    @Test("A09: of two LIFETIME or REQUESTED-TRANSPORT the first counts")
    func duplicates() throws {
        let reply = try bench.client().request(.allocate) { writer in
            writer.add(.requestedTransport, UInt32(17 << 24))
            writer.add(.requestedTransport, UInt32(6 << 24))
            writer.add(.lifetime, UInt32(700))
            writer.add(.lifetime, UInt32(3000))
        }
        #expect(reply.lifetime == 700)
    }

    @Test("A13: an unknown attribute is told only to whom is authenticated")
    func unknownAfterAuthentication() throws {
        let alice = bench.client()
        let unknown = AttributeType(rawValue: 0x7777)
        #expect(try alice.answer(to: alice.bare(.allocate) { $0.add(unknown, []) }).error == 401)
        let reply = try alice.allocate { $0.add(unknown, []) }
        #expect(reply.error == 420)
        #expect(reply.types == [.errorCode, .unknownAttributes, .messageIntegrity])
        #expect(reply.hasIntegrity(under: alice.key))
        #expect(bench.isEmpty)
    }

    @Test("A22: the largest replies stay below 548 bytes")
    func sizes() throws {
        let bench = Bench {
            $0.software = [UInt8](repeating: 0x61, count: 127)
            $0.addsReason = true
            $0.alwaysAddsFingerprint = true
        }
        let alice = bench.client(at: "[2a03::1]:5000")
        let unauthenticated = try alice.answer(to: alice.bare(.allocate))
        let dual = try alice.allocate { $0.add(.additionalAddressFamily, UInt32(2 << 24)) }
        let unknown = try alice.request(.refresh) { writer in
            for type in 0..<40 { writer.add(AttributeType(rawValue: UInt16(0x7000 + type)), []) }
        }
        for reply in [unauthenticated, dual, unknown] { #expect(reply.bytes.count <= 548) }
    }

    @Test("R1: the sizes of replies to strangers")
    func replySizes() throws {
        let alice = bench.client()
        let challenge = try alice.answer(to: alice.bare(.allocate) { $0.add(.requestedTransport, UInt32(17 << 24)) })
        #expect(challenge.bytes.count == 20 + 8 + 4 + 8 + 4 + 40)
        #expect(try alice.answer(to: alice.bare(.binding)).bytes.count == 32)
        #expect(
            try alice.answer(to: alice.bare(.binding) { $0.add(AttributeType(rawValue: 0x7777), []) }).bytes.count == 36
        )
        try alice.takeNonce()
        alice.username = []
        var writer = MessageWriter()
        writer.begin(MessageType(.allocate, .request), TestClient.freshTransactionID())
        alice.sign(&writer)
        #expect(try alice.answer(to: writer.bytes).bytes.count == 28)
    }

    @Test("R5: each kind of reply thrown back at the server gets silence")
    func noLoops() throws {
        let alice = bench.client()
        alice.addsFingerprint = true
        var replies: [Reply] = []
        replies.append(try alice.answer(to: alice.bare(.binding)))
        replies.append(try alice.answer(to: alice.bare(.binding) { $0.add(AttributeType(rawValue: 0x7777), []) }))
        replies.append(try alice.answer(to: alice.bare(.allocate)))
        let relayed = try alice.allocate()
        replies.append(relayed)
        replies.append(try alice.allocate())
        replies.append(try alice.permit("5.6.7.8:1"))
        replies.append(try alice.permit("10.0.0.1:1"))
        replies.append(try alice.bind(0x4000, to: "5.6.7.8:9000"))
        replies.append(try alice.refresh())
        for reply in replies {
            #expect(alice.send(reply.bytes) == .silence)
            #expect(bench.client(at: "90.0.0.9:9").send(reply.bytes) == .silence)
        }
        let address = try #require(relayed.relayed.first)
        let indication = try #require(bench.datagram([1], from: "5.6.7.8:1", to: address))
        #expect(alice.send(indication) == .silence)
    }

    @Test("R7: a packet from port 0 is dropped")
    func portZero() {
        let nobody = bench.client(at: "90.0.0.1:0")
        #expect(nobody.send(nobody.bare(.binding)) == .silence)
        #expect(nobody.send(nobody.bare(.allocate)) == .silence)
    }

    @Test("I5: a hundred thousand random and mutilated packets trap nothing and open nothing")
    func noise() throws {
        var random = SystemRandomNumberGenerator()
        let alice = bench.client()
        _ = try alice.relayed()
        _ = try alice.bind(0x4000, to: "5.6.7.8:9000")
        let models = [
            alice.message(.allocate) { $0.add(.requestedTransport, UInt32(17 << 24)) },
            alice.message(.channelBind) { $0.add(.channelNumber, UInt32(0x4000_0000)) },
            alice.bare(.send, .indication) { $0.add(.xorPeerAddress, xor: Bench.address("5.6.7.8:1")) },
            [0x40, 0, 0, 4, 1, 2, 3, 4],
        ]
        for round in 0..<100_000 {
            var bytes = models[round % models.count]
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if round % 7 == 0 { bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random))) }
            _ = alice.send(bytes)
        }
        #expect(bench.host.openedCount == 1)
        #expect(bench.engine.channelCount == 1)
    }
}
