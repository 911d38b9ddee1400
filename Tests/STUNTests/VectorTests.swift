import Addressing
import Cryptography
import STUN
import Testing

@Suite("Test vectors")
struct VectorTests {
    @Test("The folder holds every vector of the list")
    func complete() {
        #expect(
            Vector.all.map(\.name).sorted() == [
                "P1", "P2", "P3", "P4", "P5", "P6", "P7-datagram", "P7-stream", "V1", "V2", "V3", "V4", "V5", "V6",
            ])
    }

    @Test(
        "V1, V2, V3, V4, V6, P1, P2, P3, P4, P5, P6: header, attributes and FINGERPRINT are read",
        arguments: Vector.readable)
    func structure(_ vector: Vector) throws {
        let message = vector.message
        let reader = try MessageReader(message.span)
        let type = reader.type
        #expect(type.method.rawValue == vector.method)
        #expect("\(type.class)" == vector.class)
        #expect(reader.transactionID.bytes.hex == vector.transactionID)
        #expect(reader.hasFingerprint == vector.fingerprint)

        var acting: [Vector.Attribute] = []
        var offset = WireFormat.headerByteCount
        while let attribute = reader.nextAttribute(&offset) {
            let type = bigEndian(attribute.type.rawValue).hex
            acting.append(Vector.Attribute(type: type, value: Array(message[attribute.value]).hex))
        }
        let expected = (vector.attributes ?? []).prefix { !["0008", "001c"].contains($0.type) }
        #expect(acting == Array(expected))
    }

    @Test("V1, V2, V3, V4, V6, P1, P2, P3, P5: the message integrities hold", arguments: Vector.readable)
    func integrity(_ vector: Vector) throws {
        let message = vector.message
        let key = vector.integrityKey
        let reader = try MessageReader(message.span)
        var sha1 = HMAC(.sha1)
        var sha256 = HMAC(.sha256)
        let holdsSHA1 = reader.verifyIntegrity(key: key.span, using: &sha1)
        let holdsSHA256 = reader.verifyIntegritySHA256(key: key.span, using: &sha256)
        #expect(holdsSHA1 == vector.integrity?.contains("SHA1"))
        #expect(holdsSHA256 == vector.integrity?.contains("SHA256"))
    }

    @Test("V2, V3, A17: XOR-MAPPED-ADDRESS is unmasked with cookie and transaction id", arguments: ["V2", "V3"])
    func mappedAddress(_ name: String) throws {
        let vector = try Vector.named(name)
        let message = vector.message
        let reader = try MessageReader(message.span)
        let address = reader.locate(.xorMappedAddress).flatMap { reader.xorAddress(at: $0) }
        #expect(address?.description == vector.mappedAddress)
    }

    @Test("V5: the message that RFC 8489 B.1 prints, with its wrong length, is refused")
    func printedWrong() throws {
        let message = try Vector.named("V5").message
        #expect(readingError(of: message) == .wrongLength)
    }

    @Test("P5: a truncated MESSAGE-INTEGRITY-SHA256 parses, and authenticates nothing")
    func truncated() throws {
        let vector = try Vector.named("P5")
        let message = vector.message
        let reader = try MessageReader(message.span)
        let hasIntegrity = reader.hasIntegrity
        #expect(hasIntegrity)
        // The 16 bytes are the beginning of the right tag, so only its length speaks against it.
        var hmac = HMAC(.sha256)
        let holds = reader.verifyIntegritySHA256(key: vector.integrityKey.span, using: &hmac)
        #expect(!holds)
    }

    @Test("P7: ChannelData is read from a datagram and from a stream", arguments: Vector.channelData)
    func channelData(_ vector: Vector) throws {
        let message = vector.message
        let header = ChannelData(message.span)
        let read = try #require(header)
        #expect(String(read.channel.rawValue, radix: 16) == vector.channel)
        #expect(Array(message[read.payload]).hex == vector.payload)
    }

    @Test("V1: the vector in which padding is not zero keeps the spaces out of USERNAME")
    func paddingIsNoValue() throws {
        let message = try Vector.named("V1").message
        let reader = try MessageReader(message.span)
        let username = reader.value(of: .username)?.copied()
        #expect(username == Array("evtj:h6vY".utf8))
    }
}
