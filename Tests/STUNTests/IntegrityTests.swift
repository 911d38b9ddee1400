import Addressing
import Cryptography
import STUN
import Testing

@Suite("FINGERPRINT and message integrity")
struct IntegrityTests {
    private static let key = Array("0123456789abcdef".utf8)
    private static let peer = TransportAddress(IPAddress(v4: 0xC000_0201), port: 9)

    /// A request with one XOR-PEER-ADDRESS and the integrities asked for.
    private func request(sha1: Bool = true, sha256: Bool = false, fingerprint: Bool = false) -> MessageWriter {
        var writer = MessageWriter()
        writer.begin(MessageType(.createPermission, .request), someTransactionID)
        writer.add(.xorPeerAddress, xor: Self.peer)
        if sha1 {
            var hmac = HMAC(.sha1)
            writer.addIntegrity(key: Self.key.span, using: &hmac)
        }
        if sha256 {
            var hmac = HMAC(.sha256)
            writer.addIntegritySHA256(key: Self.key.span, using: &hmac)
        }
        if fingerprint { writer.addFingerprint() }
        return writer
    }

    private func holds(_ message: [UInt8], key: [UInt8] = key) throws -> (sha1: Bool, sha256: Bool) {
        let reader = try MessageReader(message.span)
        var sha1 = HMAC(.sha1)
        var sha256 = HMAC(.sha256)
        return (
            reader.verifyIntegrity(key: key.span, using: &sha1),
            reader.verifyIntegritySHA256(key: key.span, using: &sha256)
        )
    }

    @Test("B01, B02: a FINGERPRINT holds, and any changed bit of the message breaks it")
    func fingerprint() {
        let message = request(sha1: false, fingerprint: true).bytes
        #expect(readingError(of: message) == nil)
        // The header's bits break other things first, so only those of the attributes are turned.
        for bit in WireFormat.headerByteCount * 8..<message.count * 8 {
            var broken = message
            broken[bit / 8] ^= 1 << UInt8(bit % 8)
            let error = readingError(of: broken)
            let inTypeOrLength = (20..<24).contains(bit / 8) || (32..<36).contains(bit / 8)
            #expect(inTypeOrLength || error == .wrongFingerprint, "bit \(bit)")
        }
    }

    @Test("B02: a FINGERPRINT of another length than four is wrong", arguments: [0, 1, 3, 5, 8])
    func fingerprintLength(length: Int) {
        let message = messageBytes(0x0001, [(0x8028, Array(repeating: 0, count: length))])
        #expect(readingError(of: message) == .wrongFingerprint)
    }

    @Test("B03: a FINGERPRINT that is not last is ignored, right or wrong")
    func fingerprintInTheMiddle() throws {
        let message = messageBytes(0x0003, [(0x8028, [1, 2, 3, 4]), (0x0017, [2, 0, 0, 0])])
        let reader = try MessageReader(message.span)
        let hasFingerprint = reader.hasFingerprint
        #expect(!hasFingerprint)
        #expect(reader.requestedAddressFamily == .value(2))
    }

    @Test("B04: MESSAGE-INTEGRITY holds with and without FINGERPRINT and MESSAGE-INTEGRITY-SHA256 behind it")
    func followers() throws {
        #expect(try holds(request().bytes) == (true, false))
        #expect(try holds(request(fingerprint: true).bytes) == (true, false))
        #expect(try holds(request(sha256: true).bytes) == (true, true))
        #expect(try holds(request(sha256: true, fingerprint: true).bytes) == (true, true))
        #expect(try holds(request(sha1: false, sha256: true, fingerprint: true).bytes) == (false, true))
    }

    @Test("B04: a wrong key, an empty key and every changed bit are refused")
    func forged() throws {
        let message = request(sha256: true).bytes
        #expect(try holds(message, key: Array("0123456789abcdeg".utf8)) == (false, false))
        #expect(try holds(message, key: []) == (false, false))
        for index in WireFormat.headerByteCount + 4..<message.count {
            var broken = message
            broken[index] ^= 0x80
            guard readingError(of: broken) == nil else { continue }
            let (sha1, sha256) = try holds(broken)
            #expect(!sha1 || !sha256, "byte \(index)")
        }
    }

    @Test("B04: nothing authenticates under an empty key, not even a tag made with one")
    func emptyKey() throws {
        var hmac = HMAC(.sha1)
        let none = Self.key.span.extracting(0..<0)  // an empty span that points somewhere
        var writer = MessageWriter()
        writer.begin(MessageType(.refresh, .request), someTransactionID)
        writer.addIntegrity(key: none, using: &hmac)
        let reader = try MessageReader(writer.bytes.span)
        let holds = reader.verifyIntegrity(key: none, using: &hmac)
        #expect(!holds)
        // The context is not spoilt by it.
        let message = request().bytes
        let good = try MessageReader(message.span)
        let stillHolds = good.verifyIntegrity(key: Self.key.span, using: &hmac)
        #expect(stillHolds)
    }

    @Test("B05: an XOR-PEER-ADDRESS appended to an authenticated request does not act")
    func appendedPeer() throws {
        let other = Array(messageBytes(0x0008, [(0x0012, [0, 1, 0, 0, 1, 2, 3, 4])]).dropFirst(20))
        let message = appending(other, to: request().bytes)
        #expect(try holds(message).sha1)
        let reader = try MessageReader(message.span)
        #expect(reader.peerAddress == .value(Self.peer))
        var offset = WireFormat.headerByteCount
        var peers = 0
        while let attribute = reader.nextAttribute(&offset) { peers += attribute.type == .xorPeerAddress ? 1 : 0 }
        #expect(peers == 1)
    }

    @Test("B05: LIFETIME=0 appended to an authenticated Refresh does not act", arguments: [false, true])
    func appendedLifetime(sha256: Bool) throws {
        let message = appending([0, 0x0D, 0, 4, 0, 0, 0, 0], to: request(sha1: !sha256, sha256: sha256).bytes)
        let reader = try MessageReader(message.span)
        #expect(reader.lifetimeSeconds == .absent)
        let value = reader.value(of: .lifetime)?.copied()
        #expect(value == nil)
        let contained = reader.contains(.lifetime)
        #expect(!contained)
    }

    @Test("B05: TURN-LOGGING-ID behind MESSAGE-INTEGRITY, as libwebrtc writes it, does no harm")
    func loggingID() throws {
        let message = appending([0xFF, 0x05, 0, 4, 1, 2, 3, 4], to: request().bytes)
        #expect(try holds(message).sha1)
    }

    @Test("B05: after MESSAGE-INTEGRITY-SHA256, a MESSAGE-INTEGRITY no longer counts")
    func lateIntegrity() throws {
        let tag = [0, 8, 0, 20] + Array(repeating: UInt8(0), count: 20)
        let late = appending(tag, to: request(sha1: false, sha256: true).bytes)
        #expect(try holds(late) == (false, true))
    }

    @Test("B06: an unknown comprehension-required attribute behind the integrity is not reported")
    func unknownBehind() throws {
        let message = appending([0x77, 0x77, 0, 0], to: request().bytes)
        let reader = try MessageReader(message.span)
        #expect(reader.unknownRequiredAttributes.isEmpty)
    }

    @Test(
        "B07: a MESSAGE-INTEGRITY of another length than 20 is malformed",
        arguments: [0, 4, 16, 19, 21, 24, 32, 1000])
    func integrityLength(length: Int) {
        let message = messageBytes(0x0003, [(0x0008, Array(repeating: 0, count: length))])
        #expect(readingError(of: message) == .badIntegrityLength)
    }

    @Test(
        "B07: MESSAGE-INTEGRITY-SHA256 parses with 16, 20, 24, 28 and 32 bytes, and only 32 can hold",
        arguments: 0...40)
    func integritySHA256Length(length: Int) throws {
        let parses = [16, 20, 24, 28, 32].contains(length)
        var hmac = HMAC(.sha256)
        let header = messageBytes(0x0003, length: 4 + length)
        let tag = hmac.authenticate(header.span, key: Self.key.span).bytes + Array(repeating: 0, count: 8)
        let message = messageBytes(0x0003, [(0x001C, Array(tag.prefix(length)))])
        #expect(readingError(of: message) == (parses ? nil : .badIntegrityLength))
        if parses { #expect(try holds(message).sha256 == (length == 32)) }
    }

    @Test("B08: P3 carries both integrities, and MESSAGE-INTEGRITY-SHA256 can be verified by itself")
    func both() throws {
        let vector = try Vector.named("P3")
        #expect(try holds(vector.message, key: vector.integrityKey).sha256)
    }
}
