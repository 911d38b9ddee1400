/// The STUN methods of RFC 8489 §18.2, RFC 8656 §17 and RFC 6062 §6.1.
package struct Method: RawRepresentable, Hashable, Sendable, BitwiseCopyable {
    /// The 12-bit method number.
    package let rawValue: UInt16

    /// Wraps a number; only the low 12 bits count.
    @inlinable
    package init(rawValue: UInt16) {
        self.rawValue = rawValue & 0x0FFF
    }

    package static let binding = Method(rawValue: 0x001)
    package static let allocate = Method(rawValue: 0x003)
    package static let refresh = Method(rawValue: 0x004)
    package static let send = Method(rawValue: 0x006)
    package static let data = Method(rawValue: 0x007)
    package static let createPermission = Method(rawValue: 0x008)
    package static let channelBind = Method(rawValue: 0x009)
    package static let connect = Method(rawValue: 0x00A)
    package static let connectionBind = Method(rawValue: 0x00B)
    package static let connectionAttempt = Method(rawValue: 0x00C)
}

extension Method: CustomStringConvertible {
    /// The name the RFC gives, or the number.
    package var description: String {
        switch self {
        case .binding: "Binding"
        case .allocate: "Allocate"
        case .refresh: "Refresh"
        case .send: "Send"
        case .data: "Data"
        case .createPermission: "CreatePermission"
        case .channelBind: "ChannelBind"
        case .connect: "Connect"
        case .connectionBind: "ConnectionBind"
        case .connectionAttempt: "ConnectionAttempt"
        default: "0x" + String(rawValue, radix: 16)
        }
    }
}
