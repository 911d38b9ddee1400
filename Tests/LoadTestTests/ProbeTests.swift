import Addressing
import STUN
import Testing

@testable import LoadTest

struct ProbeTests {
    private let peer = TransportAddress(IPAddress(v4: 0xC000_0201), port: 9)
    private let mark = ProbeMark(
        tag: 0xA1B2_C3D4, flow: 7, sequence: .max - 1, intendedNanoseconds: 0x0102_0304_0506_0708)

    private func expectMark(in payload: Span<UInt8>) throws {
        let mark = ProbeMark(payload)
        let read = try #require(mark)
        #expect(read.tag == self.mark.tag)
        #expect(read.flow == self.mark.flow)
        #expect(read.sequence == self.mark.sequence)
        #expect(read.intendedNanoseconds == self.mark.intendedNanoseconds)
    }

    @Test func marksChannelData() throws {
        let stream = MediaStream(.up, payloadByteCount: 30)
        for (isStream, length) in [(false, 34), (true, 36)] {
            var message = try #require(ProbeMessage(stream, over: .channels, isStream: isStream, to: peer))
            message.write(mark)
            #expect(message.bytes.count == length)
            let found = ChannelData(message.bytes.span)
            let header = try #require(found)
            #expect(header.length == 30)
            let payload = message.bytes.span.extracting(header.payload)
            try expectMark(in: payload)
        }
    }

    @Test func marksSendIndication() throws {
        let stream = MediaStream(.up, payloadByteCount: 21)
        var message = try #require(ProbeMessage(stream, over: .indications, isStream: false, to: peer))
        message.write(mark)
        let reader = try MessageReader(message.bytes.span)
        let found = reader.locate(.data)
        let data = try #require(found)
        #expect(data.length == 21)
        let payload = reader.bytes.extracting(data.value)
        try expectMark(in: payload)
    }

    @Test func sendsPlainPayloadToClients() throws {
        let stream = MediaStream(.down, payloadByteCount: 1)
        var message = try #require(ProbeMessage(stream, over: .channels, isStream: true, to: peer))
        message.write(mark)
        #expect(message.bytes.count == ProbeMark.byteCount)
        let payload = message.bytes.span
        try expectMark(in: payload)
    }

    @Test func ignoresShortPayload() {
        let bytes = [UInt8](repeating: 0, count: ProbeMark.byteCount - 1)
        let payload = bytes.span
        let isMark = ProbeMark(payload) != nil
        #expect(!isMark)
    }
}
