import STUN
import Testing

@Suite("Frames of a stream")
struct StreamFrameTests {
    private static func channelData(_ payload: [UInt8], padding: UInt8 = 0) -> [UInt8] {
        let padding = Array(repeating: padding, count: -payload.count & 3)
        return bigEndian(0x4001) + bigEndian(UInt16(payload.count)) + payload + padding
    }

    /// The messages in a stream that arrives in pieces, as a connection reads them.
    private static func messages(in pieces: [[UInt8]]) -> [[UInt8]]? {
        var messages: [[UInt8]] = []
        var buffer: [UInt8] = []
        for piece in pieces {
            buffer += piece
            reading: while true {
                switch StreamFrame(buffer.span) {
                case .complete(let content, let total):
                    messages.append(Array(buffer[..<content]))
                    buffer.removeFirst(total)
                case .incomplete: break reading
                case .invalid: return nil
                }
            }
        }
        return buffer.isEmpty ? messages : nil
    }

    private static func frame(_ bytes: [UInt8]) -> StreamFrame { StreamFrame(bytes.span) }

    private static func randomMessage(_ random: inout SeededGenerator) -> [UInt8] {
        let value = random.bytes(Int.random(in: 0...40, using: &random))
        return Bool.random(using: &random) ? messageBytes(0x0016, [(0x0013, value)]) : Array(channelData(value))
    }

    @Test("F02: any way to cut a stream of random frames gives the same frames")
    func anySplit() {
        let seed = SeededGenerator.runSeed
        var random = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let frames = (0..<Int.random(in: 1...20, using: &random)).map { _ in Self.randomMessage(&random) }
            var pieces: [[UInt8]] = []
            var rest = frames.flatMap(\.self)[...]
            while !rest.isEmpty {
                let size = Int.random(in: 1...max(1, min(rest.count, 60)), using: &random)
                pieces.append(Array(rest.prefix(size)))
                rest = rest.dropFirst(size)
            }
            let contents = frames.map { frame in
                frame[0] < 4 ? frame : Array(frame.prefix(4 + Int(frame[2]) << 8 + Int(frame[3])))
            }
            #expect(Self.messages(in: pieces) == contents, "CULVERT_SEED=\(seed)")
        }
    }

    @Test("F02: one byte at a time, and fifty messages at once")
    func extremes() {
        let frames = (0..<50).map { index in
            index.isMultiple(of: 2) ? messageBytes(0x0001) : Self.channelData([1, 2, 3, 4])
        }
        let stream = frames.flatMap(\.self)
        #expect(Self.messages(in: [stream]) == frames)
        #expect(Self.messages(in: stream.map { [$0] }) == frames)
    }

    @Test("F02: a message is cut anywhere in its header", arguments: 1..<20)
    func headerSplit(at index: Int) {
        let message = messageBytes(0x0001)
        #expect(Self.messages(in: [Array(message[..<index]), Array(message[index...])]) == [message])
    }

    @Test("F02, F03: ChannelData is followed by 3, 2, 1 or no bytes of padding, zero or not", arguments: 0...9)
    func channelPadding(count: Int) {
        let frame = Self.channelData(Array(repeating: 7, count: count), padding: 0xEE)
        #expect(Self.frame(frame) == .complete(content: 4 + count, total: WireFormat.padded(4 + count)))
        let next = Self.channelData([9])
        #expect(Self.messages(in: [frame + next]) == [Array(frame[..<(4 + count)]), Array(next[..<5])])
    }

    @Test("F02, P12: a first byte that begins no frame ends the stream", arguments: 0...255)
    func firstByte(_ byte: UInt8) {
        let begins = byte < 4 || (64...127).contains(byte)
        #expect(Self.frame([byte]) == (begins ? .incomplete(total: nil) : .invalid))
    }

    @Test("A07, C01: a STUN header with a crooked length or without the cookie ends the stream")
    func badHeader() {
        #expect(Self.frame([0, 1, 0, 3]) == .invalid)
        #expect(Self.frame([0, 1, 0, 0, 0x21, 0x12, 0xA4]) == .incomplete(total: 20))
        #expect(Self.frame([0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x43]) == .invalid)
    }

    @Test("F05: lengths near 65535 do not wrap around", arguments: 65520...65535)
    func longLengths(length: Int) {
        let stun = messageBytes(0x0001, length: length)
        let expected = length % 4 == 0 ? StreamFrame.incomplete(total: 20 + length) : .invalid
        #expect(Self.frame(stun) == expected)

        let header = bigEndian(0x4001) + bigEndian(UInt16(length))
        #expect(Self.frame(header) == .incomplete(total: WireFormat.padded(4 + length)))
        let whole = header + Array(repeating: 0, count: WireFormat.padded(length))
        #expect(Self.frame(whole) == .complete(content: 4 + length, total: whole.count))
        #expect(whole.count <= StreamFrame.maximumByteCount)
    }

    @Test("F05: the longest message is as long as the framer says")
    func longest() {
        let message = messageBytes(0x0001, [(0x8022, Array(repeating: 0, count: 65528))])
        #expect(message.count == StreamFrame.maximumByteCount)
        #expect(Self.frame(message) == .complete(content: message.count, total: message.count))
        #expect(readingError(of: message) == nil)
    }

    @Test("An empty stream has no frame yet")
    func empty() {
        #expect(Self.frame([]) == .incomplete(total: nil))
    }
}
