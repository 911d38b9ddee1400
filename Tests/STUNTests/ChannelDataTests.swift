import STUN
import Testing

@Suite("ChannelData")
struct ChannelDataTests {
    private func header(_ bytes: [UInt8]) -> ChannelData? { ChannelData(bytes.span) }

    @Test("K06: fewer bytes than the length field says are no message", arguments: [0, 1, 3, 4, 7])
    func truncated(count: Int) {
        #expect(header(Array(([0x40, 0, 0, 4] + [1, 2, 3, 4]).prefix(count))) == nil)
        #expect(header([0x40, 0, 0x8A, 0xB6, 1, 2, 3]) == nil)  // 35510, as `stunner memoryleak` sends
    }

    @Test("F03, K06: bytes behind the payload are padding or junk and stay outside", arguments: 0...8)
    func junk(count: Int) throws {
        let read = try #require(header([0x40, 1, 0, 2, 5, 6] + Array(repeating: 0xEE, count: count)))
        #expect(read.payload == 4..<6)
        #expect(read.channel == ChannelNumber(rawValue: 0x4001))
    }

    @Test("K06: an empty payload is a message")
    func empty() throws {
        let read = try #require(header([0x4F, 0xFF, 0, 0]))
        #expect(read.payload.isEmpty)
    }

    @Test("F05: the longest payload does not wrap around")
    func longest() throws {
        let read = try #require(header([0x40, 0, 0xFF, 0xFF] + Array(repeating: 0, count: 65535)))
        #expect(read.payload == 4..<65539)
    }

    @Test("K02: the numbers of RFC 8656 are 4000 to 4FFF, those of RFC 5766 4000 to 7FFF")
    func ranges() {
        #expect(ChannelNumber.rfc8656 == 0x4000...0x4FFF)
        #expect(ChannelNumber.rfc5766 == 0x4000...0x7FFF)
    }

    @Test("A header written is the header read")
    func roundTrip() throws {
        let number = ChannelData.header(ChannelNumber(rawValue: 0x4ABC), length: 2)
        let bytes = bigEndian(UInt16(number >> 16)) + bigEndian(UInt16(number & 0xFFFF)) + [1, 2]
        let read = try #require(header(bytes))
        #expect(read.channel.rawValue == 0x4ABC)
        #expect(read.length == 2)
    }
}
