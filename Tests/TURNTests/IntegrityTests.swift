import Accounts
import Addressing
import Cryptography
import STUN
import TURN
import TestBench
import Testing
import Timing

/// MESSAGE-INTEGRITY and MESSAGE-INTEGRITY-SHA256: what they cover, and what of them is accepted.
@Suite("Message integrity")
struct IntegrityTests {
    let bench = Bench()
    static let methods: [STUN.Method] = [.allocate, .refresh, .createPermission, .channelBind]

    @Test("B09: every answer to an authenticated request carries its integrity", arguments: methods)
    func integrityOfReplies(method: STUN.Method) throws {
        let alice = bench.client()
        let error = try alice.request(method)
        #expect(error.type.class == .error)
        #expect(error.types.last == .messageIntegrity)
        #expect(error.hasIntegrity(under: alice.key))
    }

    @Test("B08: MESSAGE-INTEGRITY-SHA256 alone is verified, and answered in kind")
    func sha256() throws {
        let alice = bench.client()
        alice.usesSHA256 = true
        let reply = try alice.allocate()
        #expect(reply.isSuccess)
        #expect(reply.types.last == .messageIntegritySHA256)
        #expect(reply.hasIntegritySHA256(under: alice.key))
        #expect(try alice.permit().error == 400)
        alice.key = [1]
        #expect(try alice.answer(to: alice.message(.refresh)).error == 401)
    }

    @Test("B08: of both integrities the SHA-256 one counts")
    func bothIntegrities() throws {
        let alice = bench.client()
        try alice.takeNonce()
        func request(sha1Key: [UInt8], sha256Key: [UInt8]) -> [UInt8] {
            var writer = MessageWriter()
            writer.begin(MessageType(.refresh, .request), TestClient.freshTransactionID())
            writer.add(.username, alice.username)
            writer.add(.realm, alice.realm)
            writer.add(.nonce, alice.nonce ?? [])
            alice.usesSHA256 = false
            alice.key = sha1Key
            alice.sign(&writer)
            alice.usesSHA256 = true
            alice.key = sha256Key
            alice.sign(&writer)
            return writer.bytes
        }
        let key = alice.key
        #expect(try alice.answer(to: request(sha1Key: key, sha256Key: key)).error == 437)
        #expect(try alice.answer(to: request(sha1Key: [1], sha256Key: key)).error == 437)
        #expect(try alice.answer(to: request(sha1Key: key, sha256Key: [1])).error == 401)
    }

    @Test("B05, I6: what an attacker appends behind the integrity does not act")
    func appendedAttributes() throws {
        let alice = bench.client()
        _ = try alice.relayed()
        func append(_ type: AttributeType, _ value: [UInt8], to message: [UInt8]) -> [UInt8] {
            var bytes =
                message + [UInt8(type.rawValue >> 8), UInt8(type.rawValue & 0xFF), 0, UInt8(value.count)] + value
            bytes[2] = UInt8((bytes.count - 20) >> 8)
            bytes[3] = UInt8((bytes.count - 20) & 0xFF)
            return bytes
        }
        let permission = alice.message(.createPermission) { $0.add(.xorPeerAddress, xor: Bench.address("5.0.0.1:1")) }
        let other = append(.xorPeerAddress, [0, 1, 0, 1, 5 ^ 0x21, 0x12, 0xA4, 2 ^ 0x42], to: permission)
        #expect(try alice.answer(to: other).isSuccess)
        #expect(bench.engine.permissionCount == 1)
        #expect(alice.send([1], to: "5.0.0.2:1") == .silence)
        #expect(try alice.answer(to: append(.lifetime, [0, 0, 0, 0], to: alice.message(.refresh))).lifetime == 600)
        #expect(bench.engine.allocations.count == 1)
        let family = append(.requestedAddressFamily, [9, 0, 0, 0], to: alice.message(.refresh))
        #expect(try alice.answer(to: family).isSuccess)
        // libwebrtc puts TURN-LOGGING-ID there, RFC 8489 clients the other integrity.
        #expect(
            try alice.answer(to: append(AttributeType(rawValue: 0xFF05), [1, 2, 3, 4], to: alice.message(.refresh)))
                .isSuccess)
    }

    @Test("B06: an unknown comprehension-required attribute behind the integrity is not refused")
    func unknownBehindIntegrity() throws {
        let alice = bench.client()
        _ = try alice.relayed()
        var bytes = alice.message(.refresh) + [0x77, 0x77, 0, 0]
        bytes[3] += 4
        #expect(try alice.answer(to: bytes).isSuccess)
    }

    @Test("B07: an integrity of the wrong length is never accepted")
    func integrityLengths() throws {
        let alice = bench.client()
        try alice.takeNonce()
        for length in [0, 4, 12, 16, 19, 21, 24, 32, 1000] {
            let bytes = alice.bare(.allocate) { writer in
                writer.add(.username, alice.username)
                writer.add(.realm, alice.realm)
                writer.add(.nonce, alice.nonce ?? [])
                writer.add(.messageIntegrity, [UInt8](repeating: 1, count: length))
            }
            #expect(alice.send(bytes) == .silence)
        }
        for length in 0...40 {
            let bytes = alice.bare(.allocate) { writer in
                writer.add(.username, alice.username)
                writer.add(.realm, alice.realm)
                writer.add(.nonce, alice.nonce ?? [])
                writer.add(.messageIntegritySHA256, [UInt8](repeating: 1, count: length))
            }
            let isParsed = (16...32).contains(length) && length % 4 == 0
            #expect(alice.send(bytes).reply?.error == (isParsed ? 401 : nil))
        }
    }

    @Test("B07: a truncated MESSAGE-INTEGRITY-SHA256 that would be right is refused")
    func truncatedIntegrity() throws {
        let alice = bench.client()
        try alice.takeNonce()
        alice.usesSHA256 = true
        let whole = alice.message(.refresh)
        #expect(try alice.answer(to: whole).error == 437)
        for length in [16, 20, 24, 28] {
            var bytes = Array(whole.dropLast(32 - length))
            bytes[bytes.count - length - 1] = UInt8(length)
            bytes[2] = UInt8((bytes.count - 20) >> 8)
            bytes[3] = UInt8((bytes.count - 20) & 0xFF)
            #expect(try alice.answer(to: bytes).error == 401)
        }
    }

    @Test("D10, D13: a client that names no algorithm is taken as MD5 and answered with MESSAGE-INTEGRITY")
    func md5() throws {
        let reply = try bench.client().allocate()
        #expect(reply.types.contains(.messageIntegrity))
        #expect(!reply.types.contains(.messageIntegritySHA256))
    }
}
