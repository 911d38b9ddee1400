import Addressing
import STUN
import Testing

@Suite("Message structure")
struct MessageReaderTests {
    @Test("A01: fewer than 20 bytes are no message", arguments: 0..<20)
    func tooShort(count: Int) {
        #expect(readingError(of: Array(messageBytes().prefix(count))) == .tooShort)
    }

    @Test("A01: a message with one of the two top bits set is not STUN", arguments: [0x4001, 0x8001, 0xC001])
    func topBits(type: UInt16) {
        #expect(readingError(of: messageBytes(type)) == .notSTUN)
    }

    @Test("A01, F11: the first byte tells STUN, DTLS and ChannelData apart", arguments: 0...255)
    func firstByte(_ byte: UInt8) {
        let expected: PacketKind =
            switch byte {
            case 0...3: .stun
            case 20...63: .dtls
            case 64...127: .channelData
            default: .other
            }
        #expect(PacketKind(firstByte: byte) == expected)
    }

    @Test("A02: a length field that is no multiple of four is refused", arguments: [1, 2, 3, 5, 7])
    func oddLength(length: Int) {
        // Both with as many bytes as the field says, and with the bytes padded.
        let header = messageBytes(length: length)
        #expect(readingError(of: header + Array(repeating: 0, count: length)) == .wrongLength)
        #expect(readingError(of: header + Array(repeating: 0, count: length + 3 & ~3)) == .wrongLength)
    }

    @Test("A03: a length field that is not what was received is refused", arguments: [-8, -4, 4, 8, 65508])
    func wrongLength(difference: Int) {
        let body: [(UInt16, [UInt8])] = [(0x8022, Array("abcd".utf8))]
        #expect(readingError(of: messageBytes(0x0001, body)) == nil)
        #expect(readingError(of: messageBytes(0x0001, body, length: 8 + difference)) == .wrongLength)
    }

    @Test("A03: bytes behind the message are refused", arguments: 1...8)
    func trailing(count: Int) {
        #expect(readingError(of: messageBytes() + Array(repeating: 0, count: count)) == .wrongLength)
    }

    @Test("A04: one wrong bit in the cookie is enough", arguments: 0..<32)
    func cookie(bit: UInt32) {
        #expect(readingError(of: messageBytes(cookie: 0x2112_A442 ^ 1 << bit)) == .wrongMagicCookie)
    }

    @Test("A05, A06: every method and class is read, known or not")
    func types() {
        for raw in UInt16.min...0x3FFF {
            let type = MessageType(wireValue: raw)
            #expect(type.wireValue == raw)
            #expect(type.method.rawValue <= 0x0FFF)
            #expect(readingError(of: messageBytes(raw)) == nil)
        }
        #expect(MessageType(.binding, .request).wireValue == 0x0001)
        #expect(MessageType(.binding, .indication).wireValue == 0x0011)
        #expect(MessageType(.allocate, .success).wireValue == 0x0103)
        #expect(MessageType(.allocate, .error).wireValue == 0x0113)
        #expect(MessageType(.data, .indication).wireValue == 0x0017)
        // All twelve bits of the method, spread around the class.
        #expect(MessageType(Method(rawValue: 0xFFF), .request).wireValue == 0x3EEF)
    }

    @Test("A07: an attribute that runs past the end is malformed", arguments: [1, 4, 5, 100, 65528, 65535])
    func attributeOverrun(length: Int) {
        let attribute = bigEndian(0x8022) + bigEndian(UInt16(length))
        #expect(readingError(of: appending(attribute, to: messageBytes())) == .attributeOverrun)
    }

    @Test("A07: an attribute may end exactly where the message does")
    func attributeFits() {
        #expect(readingError(of: appending(bigEndian(0x8022) + bigEndian(0), to: messageBytes())) == nil)
        #expect(readingError(of: messageBytes(0x0001, [(0x8022, [1])])) == nil)
        let last = appending(bigEndian(0x8022) + bigEndian(5) + [1, 2, 3, 4], to: messageBytes())
        #expect(readingError(of: last) == .attributeOverrun)
    }

    @Test("A08: padding that is not zero is accepted and is no part of the value", arguments: 0...5)
    func padding(count: Int) throws {
        let value = Array(repeating: UInt8(7), count: count)
        let message = messageBytes(0x0001, [(0x0006, value), (0x8022, [1])], padding: 0xAA)
        let reader = try MessageReader(message.span)
        let username = reader.value(of: .username)?.copied()
        let software = reader.value(of: .software)?.copied()
        #expect(username == value)
        #expect(software == [1])
    }

    @Test("A09: the first of two attributes of one type counts")
    func duplicates() throws {
        let first = TransportAddress(IPAddress(v4: 0xC000_0201), port: 1)
        let second = TransportAddress(IPAddress(v4: 0xC000_0202), port: 2)
        var writer = MessageWriter()
        writer.begin(MessageType(.send, .indication), someTransactionID)
        writer.add(.xorPeerAddress, xor: first)
        writer.add(.xorPeerAddress, xor: second)
        writer.add(.lifetime, UInt32(1))
        writer.add(.lifetime, UInt32(2))
        let reader = try MessageReader(writer.bytes.span)
        #expect(reader.peerAddress == .value(first))
        #expect(reader.lifetimeSeconds == .value(1))
    }

    @Test(
        "A10: comprehension-optional attributes are never unknown-required",
        arguments: [0x8000, 0x8029, 0xC057, 0xFF05])
    func optional(type: UInt16) throws {
        let message = messageBytes(0x0001, [(type, [1, 2, 3])])
        let reader = try MessageReader(message.span)
        #expect(reader.unknownRequiredAttributes.isEmpty)
    }

    @Test("A11, A12: unknown comprehension-required attributes are listed, each once, at most 16")
    func unknown() throws {
        let few = messageBytes(0x0001, [(0x7777, []), (0x0006, []), (0x0002, [1]), (0x7777, [2]), (0x7FFF, [])])
        let reader = try MessageReader(few.span)
        #expect(reader.unknownRequiredAttributes.map(\.rawValue) == [0x7777, 0x0002, 0x7FFF])

        let many = messageBytes(0x0001, (0..<60).map { (0x7000 + $0, []) })
        let crowded = try MessageReader(many.span)
        #expect(crowded.unknownRequiredAttributes.map(\.rawValue) == Array(0x7000..<0x7010))
    }

    @Test(
        "A14: attributes that are known but not expected are not unknown",
        arguments: AttributeType.names.keys.map(\.rawValue))
    func known(type: UInt16) throws {
        let attribute = AttributeType(rawValue: type)
        #expect(attribute.isKnown)
        guard ![.messageIntegrity, .messageIntegritySHA256, .fingerprint].contains(attribute) else { return }
        let message = messageBytes(0x0001, [(type, [0, 0, 0, 0])])
        let reader = try MessageReader(message.span)
        #expect(reader.unknownRequiredAttributes.isEmpty)
    }

    @Test("G22: BANDWIDTH and TIMER-VAL, which RFC 8656 took back, are unknown", arguments: [0x0010, 0x0021])
    func reserved(type: UInt16) throws {
        let message = messageBytes(0x0003, [(type, [0, 0, 0, 0])])
        let reader = try MessageReader(message.span)
        #expect(reader.unknownRequiredAttributes.map(\.rawValue) == [type])
    }

    @Test("A11: no type between the known ones passes for known")
    func registry() {
        for raw in UInt16.min ... .max {
            let type = AttributeType(rawValue: raw)
            #expect(type.isKnown == (AttributeType.names[type] != nil))
            #expect(type.isComprehensionRequired == (raw < 0x8000))
        }
    }

    @Test(
        "A25: USERNAME, REALM and NONCE of up to 763 bytes are read whole",
        arguments: [0, 1, 508, 509, 762, 763, 764])
    func longStrings(count: Int) throws {
        let value = Array(repeating: UInt8(ascii: "u"), count: count)
        let message = messageBytes(0x0003, [(0x0006, value), (0x0014, value), (0x0015, value)])
        let reader = try MessageReader(message.span)
        for type in [AttributeType.username, .realm, .nonce] {
            let read = reader.value(of: type)?.copied()
            #expect(read == value)
        }
    }

    @Test("A28: 64 attributes are read, 65 are malformed")
    func attributeCount() {
        func message(_ count: Int) -> [UInt8] { messageBytes(0x0001, Array(repeating: (0x8022, []), count: count)) }
        #expect(readingError(of: message(64)) == nil)
        #expect(readingError(of: message(65)) == .tooManyAttributes)
        #expect(readingError(of: message(16383)) == .tooManyAttributes)
    }

    @Test("A21, A15: the transaction id and class of any message are read")
    func header() throws {
        let message = messageBytes(0x0011)
        let reader = try MessageReader(message.span)
        #expect(reader.type == MessageType(.binding, .indication))
        #expect(reader.transactionID == someTransactionID)
    }
}
