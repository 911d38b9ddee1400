/// Packets of one size that a session sends or receives at a steady pace.
package struct MediaStream: Hashable, Sendable {
    /// Which way the packets go.
    package enum Direction: String, Sendable, CaseIterable, Codable {
        /// From the client through the server to the peer.
        case up
        /// From the peer through the server to the client.
        case down
    }

    /// Which way.
    package let direction: Direction
    /// The length of what is relayed, without the headers of TURN.
    package let payloadByteCount: Int
    /// How many packets leave together.
    package let burst: Int
    /// The time from one burst to the next; without one the stream goes as fast as it is carried.
    package let intervalNanoseconds: UInt64?

    /// A stream. Payloads are no shorter than the mark that measures them.
    package init(_ direction: Direction, payloadByteCount: Int, burst: Int = 1, intervalNanoseconds: UInt64? = nil) {
        self.direction = direction
        self.payloadByteCount = max(payloadByteCount, ProbeMark.byteCount)
        self.burst = max(burst, 1)
        self.intervalNanoseconds = intervalNanoseconds.map { max($0, 1) }
    }
}

extension MediaStream {
    /// What a participant of a call sends and receives: Opus every 20 ms, and 30 frames of video a second, each in packets
    /// that leave together.
    package static func call(videoKilobitsPerSecond: Int) -> [MediaStream] {
        let framesPerSecond = 30
        let frame = videoKilobitsPerSecond * 1000 / 8 / framesPerSecond
        let packets = (frame + 1099) / 1100
        return [Direction.up, .down].flatMap { direction in
            let audio = MediaStream(direction, payloadByteCount: 172, intervalNanoseconds: 20_000_000)
            guard packets > 0 else { return [audio] }
            let video = MediaStream(
                direction, payloadByteCount: frame / packets, burst: packets,
                intervalNanoseconds: UInt64(1_000_000_000 / framesPerSecond))
            return [audio, video]
        }
    }
}
