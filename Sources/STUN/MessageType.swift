/// The first 16 bits of a STUN message: method and class, interleaved (RFC 8489 §5, figure 3).
package struct MessageType: Hashable, Sendable, BitwiseCopyable {
    /// The class of a message.
    package enum Class: UInt8, Sendable, BitwiseCopyable {
        case request = 0b00
        case indication = 0b01
        case success = 0b10
        case error = 0b11
    }

    /// What is asked, told or answered.
    package let method: Method
    /// Whether it is asked, told or answered.
    package let `class`: Class

    /// Joins a method and a class.
    package init(_ method: Method, _ class: Class) {
        self.method = method
        self.class = `class`
    }

    /// Takes the two apart. The two top bits, zero in every STUN message, are ignored.
    package init(wireValue: UInt16) {
        let classBits = UInt8(truncatingIfNeeded: (wireValue >> 7 & 0b10) | (wireValue >> 4 & 0b01))
        method = Method(
            rawValue: wireValue & 0x000F | (wireValue & 0x00E0) >> 1 | (wireValue & 0x3E00) >> 2)
        self.class = Class(rawValue: classBits) ?? .request  // two bits: always one of the four
    }

    /// The 16 bits on the wire.
    package var wireValue: UInt16 {
        let method = method.rawValue
        let spread = method & 0x000F | (method & 0x0070) << 1 | (method & 0x0F80) << 2
        let classBits = UInt16(self.class.rawValue)
        return spread | (classBits & 0b01) << 4 | (classBits & 0b10) << 7
    }
}
