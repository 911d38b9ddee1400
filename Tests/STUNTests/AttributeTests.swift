import Addressing
import STUN
import Testing

@Suite("Attribute values")
struct AttributeTests {
    private static let v4 = TransportAddress(IPAddress(v4: 0xC000_0201), port: 32853)
    private static let v6 = TransportAddress(
        IPAddress(v6High: 0x2001_0DB8_1234_5678, low: 0x0011_2233_4455_6677), port: 32853)

    @Test(
        "A18: an address of a wrong family or length is malformed, never a trap",
        arguments: [0, 1, 2, 3, 4, 255] as [UInt8], [0, 1, 2, 3, 4, 7, 8, 9, 12, 16, 19, 20, 21, 64])
    func badAddress(family: UInt8, length: Int) throws {
        var value = Array(repeating: UInt8(0), count: length)
        if length > 1 { value[1] = family }
        let message = messageBytes(0x0016, [(0x0012, value)])
        let reader = try MessageReader(message.span)
        let fits = (family, length) == (1, 8) || (family, length) == (2, 20)
        if fits {
            #expect(reader.peerAddress != .malformed)
        } else {
            #expect(reader.peerAddress == .malformed)
        }
    }

    @Test("A17: the first byte of an address is ignored", arguments: [0x00, 0x01, 0xFF] as [UInt8])
    func firstByte(byte: UInt8) throws {
        let message = messageBytes(0x0101, [(0x0001, [byte, 1, 0x80, 0x55, 192, 0, 2, 1])])
        let reader = try MessageReader(message.span)
        let address = reader.locate(.mappedAddress).flatMap { reader.plainAddress(at: $0) }
        #expect(address == Self.v4)
    }

    @Test("A17: addresses survive writing and reading, XORed and plain", arguments: [v4, v6])
    func roundTrip(address: TransportAddress) throws {
        var writer = MessageWriter()
        writer.begin(MessageType(.binding, .success), someTransactionID)
        writer.add(.xorMappedAddress, xor: address)
        writer.add(.alternateServer, plain: address)
        let reader = try MessageReader(writer.bytes.span)
        let xor = reader.locate(.xorMappedAddress).flatMap { reader.xorAddress(at: $0) }
        let plain = reader.locate(.alternateServer).flatMap { reader.plainAddress(at: $0) }
        #expect(xor == address)
        #expect(plain == address)
    }

    @Test("A24: the reserved bits of CHANNEL-NUMBER, REQUESTED-TRANSPORT and the families are ignored")
    func reservedBits() throws {
        let message = messageBytes(
            0x0003,
            [
                (0x000C, [0x40, 0x01, 0xFF, 0xFF]), (0x0019, [17, 0xFF, 0xFF, 0xFF]), (0x0017, [2, 0xFF, 0xFF, 0xFF]),
                (0x8000, [2, 0xAA, 0xAA, 0xAA]),
            ])
        let reader = try MessageReader(message.span)
        #expect(reader.channelNumber == .value(ChannelNumber(rawValue: 0x4001)))
        #expect(reader.requestedTransport == .value(17))
        #expect(reader.requestedAddressFamily == .value(2))
        #expect(reader.additionalAddressFamily == .value(2))
    }

    @Test(
        "A24, G21: of EVEN-PORT only the first bit counts",
        arguments: [
            ([0x80], true), ([0xFF], true), ([0x7F], false), ([0x00], false), ([0x40], false),
            ([0x80, 0, 0, 0], true), ([0xC0, 0, 0, 0], true), ([0x40, 0xFF, 0xFF, 0xFF], false),
        ] as [([UInt8], Bool)])
    func evenPort(value: [UInt8], reserves: Bool) throws {
        let message = messageBytes(0x0003, [(0x0018, value)])
        let reader = try MessageReader(message.span)
        #expect(reader.evenPortReservesNext == .value(reserves))
    }

    @Test(
        "G05, G07, G09, K01: a fixed-size attribute of another size is malformed",
        arguments: [0, 1, 2, 3, 5, 7, 9, 12])
    func fixedSizes(length: Int) throws {
        let value = Array(repeating: UInt8(0x40), count: length)
        let types: [UInt16] = [0x000C, 0x000D, 0x0017, 0x0019, 0x8000, 0x0022]
        let message = messageBytes(0x0003, types.map { ($0, value) })
        let reader = try MessageReader(message.span)
        #expect(reader.channelNumber == .malformed)
        #expect(reader.lifetimeSeconds == .malformed)
        #expect(reader.requestedAddressFamily == .malformed)
        #expect(reader.requestedTransport == .malformed)
        #expect(reader.additionalAddressFamily == .malformed)
        #expect(reader.reservationToken == .malformed)
    }

    @Test("An empty EVEN-PORT is malformed, an absent attribute is absent")
    func absentAndEmpty() throws {
        let message = messageBytes(0x0003, [(0x0018, [])])
        let reader = try MessageReader(message.span)
        #expect(reader.evenPortReservesNext == .malformed)
        #expect(reader.lifetimeSeconds == .absent)
        #expect(reader.peerAddress == .absent)
        #expect(reader.reservationToken == .absent)
        #expect(reader.errorCode == .absent)
    }

    @Test("G14: the largest LIFETIME is a number like any other")
    func largestLifetime() throws {
        let message = messageBytes(0x0004, [(0x000D, [0xFF, 0xFF, 0xFF, 0xFF])])
        let reader = try MessageReader(message.span)
        #expect(reader.lifetimeSeconds == .value(.max))
    }

    @Test(
        "A23, A24: ERROR-CODE is class times 100 plus number; its reserved bits are ignored",
        arguments: ErrorCode.allCases)
    func errorCode(code: ErrorCode) throws {
        var writer = MessageWriter()
        writer.begin(MessageType(.allocate, .error), someTransactionID)
        writer.add(error: code, reason: code.reason)
        // 21 zero bits, three of class, eight of number.
        #expect(writer.bytes[24...25].elementsEqual([0, 0]))
        #expect(writer.bytes[26] >> 3 == 0)
        #expect((3...6).contains(writer.bytes[26]))
        #expect(writer.bytes[27] < 100)
        #expect((1..<128).contains(code.reason.utf8.count))

        var bytes = writer.bytes
        bytes[24] = 0xFF
        bytes[25] = 0xFF
        bytes[26] |= 0xF8
        let reader = try MessageReader(bytes.span)
        #expect(reader.errorCode == .value(code.rawValue))
    }

    @Test(
        "A23: an ERROR-CODE outside 300 to 699 is malformed",
        arguments: [[0, 0, 2, 99], [0, 0, 7, 0], [0, 0, 4, 100], [0, 0, 4, 255], [0, 0, 4], []] as [[UInt8]])
    func badErrorCode(value: [UInt8]) throws {
        let message = messageBytes(0x0113, [(0x0009, value)])
        let reader = try MessageReader(message.span)
        #expect(reader.errorCode == .malformed)
    }
}
