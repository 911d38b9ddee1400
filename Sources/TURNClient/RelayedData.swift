package import Addressing
package import STUN

/// What a peer sent, as the server handed it on.
package enum RelayedData: Equatable, Sendable {
    /// In a Data indication.
    case indication(from: TransportAddress, [UInt8])
    /// In a ChannelData message.
    case channel(ChannelNumber, [UInt8])
}
