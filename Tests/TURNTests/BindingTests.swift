import Addressing
import STUN
import TURN
import TestBench
import Testing

@Suite("Binding")
struct BindingTests {
    let bench = Bench()

    @Test("A17, R1: a Binding reply is 32 bytes over IPv4, with XOR-MAPPED-ADDRESS alone")
    func ipv4() throws {
        let alice = bench.client()
        let reply = try alice.answer(to: alice.bare(.binding))
        #expect(reply.bytes.count == 32)
        #expect(reply.types == [.xorMappedAddress])
        #expect(reply.mapped == Bench.address("90.0.0.1:5000"))
    }

    @Test("A17, R1: a Binding reply is 44 bytes over IPv6")
    func ipv6() throws {
        let alice = bench.client(at: "[2a03:1:2:3:4:5:6:7]:5000")
        let reply = try alice.answer(to: alice.bare(.binding))
        #expect(reply.bytes.count == 44)
        #expect(reply.mapped == Bench.address("[2a03:1:2:3:4:5:6:7]:5000"))
    }

    @Test("A15: a response has the method and the transaction id of its request")
    func transaction() throws {
        let alice = bench.client()
        for _ in 0..<50 {
            let id = TestClient.freshTransactionID()
            let success = try alice.answer(to: alice.bare(.binding, .request, id))
            #expect(success.transactionID == id.bytes)
            #expect(success.type == MessageType(.binding, .success))
            let error = try alice.answer(to: alice.bare(.channelBind, .request, id))
            #expect(error.transactionID == id.bytes)
            #expect(error.type == MessageType(.channelBind, .error))
        }
    }

    @Test("A27: a retransmitted Binding gets the same bytes")
    func retransmission() throws {
        let alice = bench.client()
        let bytes = alice.bare(.binding)
        let first = try alice.answer(to: bytes)
        bench.advance(seconds: 7)
        #expect(try alice.answer(to: bytes) == first)
    }

    @Test("A26: a Binding works over every transport, with FINGERPRINT and without")
    func transports() throws {
        for transport in ClientTransport.allCases {
            let alice = bench.client(over: transport)
            #expect(try alice.answer(to: alice.bare(.binding)).types == [.xorMappedAddress])
            alice.addsFingerprint = true
            #expect(try alice.answer(to: alice.bare(.binding)).types == [.xorMappedAddress, .fingerprint])
        }
    }

    @Test("A21: a Binding indication is not answered")
    func indication() {
        #expect(bench.client().send(bench.client().bare(.binding, .indication)) == .silence)
    }

    @Test("A11: unknown comprehension-required attributes get 420 that lists each once", arguments: 1...5)
    func unknown(count: Int) throws {
        let types = (0..<count).map { UInt16(0x7770 + $0) }
        let alice = bench.client()
        let reply = try alice.answer(
            to: alice.bare(.binding) { writer in
                for type in types + types { writer.add(AttributeType(rawValue: type), [1, 2, 3]) }
            })
        #expect(reply.type == MessageType(.binding, .error))
        #expect(reply.error == 420)
        #expect(reply.types == [.errorCode, .unknownAttributes])
        #expect(reply.unknownAttributes == types)
        #expect(reply.value(.unknownAttributes)?.count == 2 * count)
    }

    @Test("A11, A28: however many are unknown, the list is short")
    func manyUnknown() throws {
        let alice = bench.client()
        let reply = try alice.answer(
            to: alice.bare(.binding) { writer in
                for type in 0..<64 { writer.add(AttributeType(rawValue: UInt16(0x7000 + type)), []) }
            })
        #expect(reply.error == 420)
        #expect(try #require(reply.unknownAttributes).count <= 20)
    }

    @Test("A28: a message with more than 64 attributes is dropped")
    func tooManyAttributes() {
        let alice = bench.client()
        let bytes = alice.bare(.binding) { writer in
            for _ in 0..<65 { writer.add(AttributeType(rawValue: 0x8123), []) }
        }
        #expect(alice.send(bytes) == .silence)
    }

    @Test("A10: unknown comprehension-optional attributes are ignored")
    func optional() throws {
        let alice = bench.client()
        for type: UInt16 in [0xFF05, 0x802F, 0x8029, 0xC057, 0x8FFF, 0xFFFF] {
            let reply = try alice.answer(to: alice.bare(.binding) { $0.add(AttributeType(rawValue: type), [1, 2, 3]) })
            #expect(reply.types == [.xorMappedAddress])
        }
    }

    @Test("A14: known attributes that do not belong are ignored")
    func misplaced() throws {
        let alice = bench.client()
        let reply = try alice.answer(
            to: alice.bare(.binding) { writer in
                writer.add(.xorMappedAddress, xor: Bench.address("1.2.3.4:5"))
                writer.add(.priority, UInt32(1))
                writer.add(.useCandidate, [])
                writer.add(.lifetime, UInt32(7))
                writer.add(.iceControlling, UInt64(7))
                writer.add(.software, Array("x".utf8))
                writer.add(.username, Array("u:v".utf8))
            })
        #expect(reply.types == [.xorMappedAddress])
        #expect(reply.mapped == alice.fiveTuple.client)
    }

    @Test(
        "N01: without RFC 5780 its attributes CHANGE-REQUEST, RESPONSE-PORT and PADDING get 420",
        arguments: [0x0003, 0x0026, 0x0027] as [UInt16])
    func behaviourDiscovery(type: UInt16) throws {
        let alice = bench.client()
        let reply = try alice.answer(to: alice.bare(.binding) { $0.add(AttributeType(rawValue: type), UInt32(6)) })
        #expect(reply.error == 420)
        #expect(reply.unknownAttributes == [type])
    }

    @Test("B03: FINGERPRINT is echoed; one that is not last is ignored, right or wrong")
    func fingerprint() throws {
        let alice = bench.client()
        let middle = try alice.answer(
            to: alice.bare(.binding) { writer in
                writer.add(.fingerprint, UInt32(1))
                writer.add(.priority, UInt32(1))
            })
        #expect(middle.types == [.xorMappedAddress])
        alice.addsFingerprint = true
        let last = try alice.answer(to: alice.bare(.binding))
        #expect(last.types == [.xorMappedAddress, .fingerprint])
        let error = try alice.answer(to: alice.bare(.allocate))
        #expect(error.types == [.errorCode, .realm, .nonce, .fingerprint])
        let success = try alice.allocate()
        #expect(Array(success.types.suffix(2)) == [.messageIntegrity, .fingerprint])
    }

    @Test("B01: the FINGERPRINT of a reply is right")
    func ownFingerprint() throws {
        let alice = bench.client()
        alice.addsFingerprint = true
        let reply = try alice.answer(to: alice.bare(.binding))
        let covered = Array(reply.bytes.dropLast(8))
        let value = try #require(reply.value(.fingerprint)).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        #expect(value == Self.crc32(covered) ^ 0x5354_554E)
    }

    /// Bit by bit, so that it shares nothing with the server's tables.
    static func crc32(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { crc, byte in
            (0..<8).reduce(crc ^ UInt32(byte)) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
    }

    @Test("B02: a wrong FINGERPRINT at the end drops the message")
    func wrongFingerprint() {
        let alice = bench.client()
        alice.addsFingerprint = true
        let bytes = alice.bare(.binding)
        for index in Array(4..<20) + Array(bytes.count - 4..<bytes.count) {
            var bad = bytes
            bad[index] ^= 0x10
            #expect(alice.send(bad) == .silence)
        }
    }

    @Test("A20, A23, C06: SOFTWARE and reason phrases are off by default and can be switched on")
    func talkative() throws {
        let bench = Bench {
            $0.software = Array("Culvert".utf8)
            $0.addsReason = true
            $0.addsMappedAddress = true
            $0.alwaysAddsFingerprint = true
        }
        let alice = bench.client()
        let binding = try alice.answer(to: alice.bare(.binding))
        #expect(binding.types == [.xorMappedAddress, .mappedAddress, .software, .fingerprint])
        #expect(binding.value(.mappedAddress) == [0, 1, 0x13, 0x88, 90, 0, 0, 1])
        let error = try alice.answer(to: alice.bare(.allocate))
        #expect(error.value(.errorCode) == [0, 0, 4, 1] + Array("Unauthenticated".utf8))
        let success = try alice.allocate()
        #expect(Array(success.types.suffix(3)) == [.software, .messageIntegrity, .fingerprint])
    }

    @Test("A23: without a reason an ERROR-CODE is four bytes")
    func errorCode() throws {
        let alice = bench.client()
        #expect(try alice.answer(to: alice.bare(.allocate)).value(.errorCode) == [0, 0, 4, 1])
    }

    @Test("A21: with no-stun a Binding is not answered, and TURN works")
    func ignored() throws {
        let bench = Bench { $0.ignoresBinding = true }
        let alice = bench.client()
        #expect(alice.send(alice.bare(.binding)) == .silence)
        #expect(try alice.allocate().isSuccess)
    }

    @Test("A26: a Binding amid an allocation's traffic is answered as ever")
    func amidAllocation() throws {
        let alice = bench.client()
        _ = try alice.relayed()
        #expect(try alice.answer(to: alice.bare(.binding)).types == [.xorMappedAddress])
    }
}
