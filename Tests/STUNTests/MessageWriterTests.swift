import Addressing
import Cryptography
import STUN
import Testing

@Suite("Writing messages")
struct MessageWriterTests {
    @Test("P1: Allocate with MD5 key is written byte for byte")
    func writesP1() throws {
        let vector = try Vector.named("P1")
        var hmac = HMAC(.sha1)
        var writer = MessageWriter()
        writer.begin(MessageType(.allocate, .request), someTransactionID)
        writer.add(.requestedTransport, UInt32(17) << 24)
        writer.add(.username, Array("user".utf8))
        writer.add(.realm, Array("realm".utf8))
        writer.add(.nonce, Array("obMatJos2gAAA0123456789abcdef".utf8))
        writer.addIntegrity(key: vector.integrityKey.span, using: &hmac)
        writer.addFingerprint()
        #expect(writer.bytes.hex == vector.message.hex)
    }

    @Test("P2, P3: Allocate with a SHA-256 key is written byte for byte", arguments: ["P2", "P3"])
    func writesSHA256(name: String) throws {
        let vector = try Vector.named(name)
        var sha1 = HMAC(.sha1)
        var sha256 = HMAC(.sha256)
        var writer = MessageWriter()
        writer.begin(MessageType(.allocate, .request), someTransactionID)
        writer.add(.requestedTransport, UInt32(17) << 24)
        writer.add(.username, Array("user".utf8))
        writer.add(.realm, Array("realm".utf8))
        writer.add(.nonce, Array("obMatJos2gAAA0123456789abcdef".utf8))
        writer.add(.passwordAlgorithms, 0x0002_0000_0001_0000 as UInt64)
        writer.add(.passwordAlgorithm, 0x0002_0000 as UInt32)
        if name == "P3" { writer.addIntegrity(key: vector.integrityKey.span, using: &sha1) }
        writer.addIntegritySHA256(key: vector.integrityKey.span, using: &sha256)
        if name == "P2" { writer.addFingerprint() }
        #expect(writer.bytes.hex == vector.message.hex)
    }

    @Test("P4, D09: the 401 with PASSWORD-ALGORITHMS is written byte for byte")
    func writesP4() throws {
        let vector = try Vector.named("P4")
        var writer = MessageWriter()
        writer.begin(MessageType(.allocate, .error), someTransactionID)
        writer.add(error: .unauthenticated, reason: ErrorCode.unauthenticated.reason)
        writer.add(.realm, Array("realm".utf8))
        writer.add(.nonce, Array("obMatJos2gAAA0123456789abcdef".utf8))
        writer.add(.passwordAlgorithms, [0, 2, 0, 0, 0, 1, 0, 0])
        #expect(writer.bytes.hex == vector.message.hex)
    }

    @Test("P6, B01: Binding with FINGERPRINT is written byte for byte")
    func writesP6() throws {
        var writer = MessageWriter()
        writer.begin(MessageType(.binding, .request), someTransactionID)
        writer.addFingerprint()
        #expect(writer.bytes.hex == (try Vector.named("P6").message.hex))
    }

    @Test("P7: the ChannelData header is written byte for byte")
    func writesP7() throws {
        let header = ChannelData.header(ChannelNumber(rawValue: 0x4000), length: 5)
        #expect(header == 0x4000_0005)
        #expect(try Vector.named("P7-datagram").message == [0x40, 0, 0, 5] + Array("hello".utf8))
    }

    @Test("V2, V3: the responses of RFC 5769 are written but for their padding", arguments: ["V2", "V3"])
    func writesResponses(name: String) throws {
        let vector = try Vector.named(name)
        let address = try #require(vector.mappedAddress.flatMap { TransportAddress($0) })
        let expected = vector.message
        let transactionID = try MessageReader(expected.span).transactionID
        var writer = MessageWriter()
        writer.begin(MessageType(.binding, .success), transactionID)
        writer.add(.software, Array("test vector".utf8))
        writer.add(.xorMappedAddress, xor: address)
        // SOFTWARE is padded with a space there and with zero here; everything up to the HMAC is the same otherwise.
        var zeroPadded = Array(expected[..<writer.bytes.count])
        zeroPadded[35] = 0
        zeroPadded.replaceSubrange(2..<4, with: writer.bytes[2..<4])
        #expect(writer.bytes.hex == zeroPadded.hex)
    }

    @Test("A08, A15: padding is zero and not counted, whatever the memory held before", arguments: 0...9)
    func zeroPadding(count: Int) throws {
        var writer = MessageWriter()
        // CVE-2020-4067: poison the memory, then write shorter messages into it.
        writer.begin(MessageType(.binding, .request), someTransactionID)
        writer.add(.data, Array(repeating: 0xAA, count: 1500))
        writer.begin(MessageType(.binding, .success), someTransactionID)
        writer.add(.software, Array(repeating: 0xFF, count: count))
        writer.add(error: .badRequest, reason: String(repeating: "x", count: count))
        writer.add(unknownAttributes: Array(repeating: AttributeType(rawValue: 0x7777), count: count))

        let bytes = writer.bytes
        let reader = try MessageReader(bytes.span)
        #expect(reader.type == MessageType(.binding, .success))
        #expect(reader.transactionID == someTransactionID)
        var offset = WireFormat.headerByteCount
        var lengths: [Int] = []
        while let attribute = reader.nextAttribute(&offset) {
            lengths.append(attribute.length)
            #expect(bytes[attribute.value.upperBound..<attribute.next].allSatisfy { $0 == 0 })
        }
        #expect(lengths == [count, 4 + count, 2 * count])
    }

    @Test("A08, G11: ADDRESS-ERROR-CODE has a family, a class and a number, and no reason")
    func addressError() throws {
        var writer = MessageWriter()
        writer.begin(MessageType(.allocate, .success), someTransactionID)
        writer.add(addressError: .addressFamilyNotSupported, family: .ipv6)
        #expect(writer.bytes[20...].elementsEqual([0x80, 0x01, 0, 4, 2, 0, 4, 40]))
    }

    @Test("A11: UNKNOWN-ATTRIBUTES has two bytes a type")
    func unknownAttributes() {
        var writer = MessageWriter()
        writer.begin(MessageType(.binding, .error), someTransactionID)
        writer.add(unknownAttributes: [AttributeType(rawValue: 0x7777), AttributeType(rawValue: 0x0002), .dontFragment])
        #expect(writer.bytes[20...].elementsEqual([0, 0x0A, 0, 6, 0x77, 0x77, 0, 2, 0, 0x1A, 0, 0]))
    }

    @Test("The length field is right after every call")
    func lengthField() {
        var hmac = HMAC(.sha1)
        var writer = MessageWriter()
        func length() -> Int { Int(writer.bytes[2]) << 8 | Int(writer.bytes[3]) }
        writer.begin(MessageType(.allocate, .success), someTransactionID)
        #expect(length() == 0)
        writer.add(.lifetime, UInt32(600))
        #expect(length() == 8)
        writer.add(.reservationToken, UInt64.max)
        #expect(length() == 20)
        writer.add(.xorMappedAddress, xor: TransportAddress(.any(.ipv6), port: 0))
        #expect(length() == 44)
        writer.add(.realm, Array("r".utf8))
        #expect(length() == 52)
        writer.addIntegrity(key: [1].span, using: &hmac)
        #expect(length() == 76)
        writer.addFingerprint()
        #expect(length() == 84)
        #expect(writer.bytes.count == 104)
    }
}
