/// The number of a channel (RFC 8656 §12).
package struct ChannelNumber: RawRepresentable, Hashable, Sendable, BitwiseCopyable {
    /// The number on the wire.
    package let rawValue: UInt16

    /// Wraps a number, valid or not.
    @inlinable
    package init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// The numbers that RFC 8656 §12 leaves to channels.
    package static let rfc8656: ClosedRange<UInt16> = 0x4000...0x4FFF
    /// The numbers that RFC 5766 §11 allowed; older clients pick from all of them.
    package static let rfc5766: ClosedRange<UInt16> = 0x4000...0x7FFF
}
