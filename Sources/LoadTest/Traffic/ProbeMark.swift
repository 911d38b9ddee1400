import STUN

/// What stands at the start of each payload, so that its arrival tells which packet of which stream it is and when it was
/// to be sent.
///
///     tag:32 | flow:32 | sequence:32 | intended nanoseconds:64
struct ProbeMark {
    /// The length on the wire.
    static let byteCount = 20

    /// The run that sent it; others are strangers.
    let tag: UInt32
    /// The stream of the session.
    let flow: UInt32
    /// The place in the stream.
    let sequence: UInt32
    /// When it was to be sent, by the monotonic clock.
    let intendedNanoseconds: UInt64

    init(tag: UInt32, flow: UInt32, sequence: UInt32, intendedNanoseconds: UInt64) {
        self.tag = tag
        self.flow = flow
        self.sequence = sequence
        self.intendedNanoseconds = intendedNanoseconds
    }

    /// Reads the mark of a payload; nil when it is too short for one.
    init?(_ payload: Span<UInt8>) {
        guard payload.count >= Self.byteCount else { return nil }
        tag = payload.uint32(at: 0)
        flow = payload.uint32(at: 4)
        sequence = payload.uint32(at: 8)
        intendedNanoseconds = payload.uint64(at: 12)
    }

    /// Writes the mark over the start of a payload.
    func write(to message: inout [UInt8], at offset: Int) {
        Self.put(UInt64(tag) << 32 | UInt64(flow), to: &message, at: offset)
        Self.put(UInt64(sequence) << 32 | intendedNanoseconds >> 32, to: &message, at: offset + 8)
        for index in 0..<4 {
            message[offset + 16 + index] = UInt8(truncatingIfNeeded: intendedNanoseconds >> UInt64(24 - 8 * index))
        }
    }

    private static func put(_ value: UInt64, to message: inout [UInt8], at offset: Int) {
        for index in 0..<8 { message[offset + index] = UInt8(truncatingIfNeeded: value >> UInt64(56 - 8 * index)) }
    }
}
