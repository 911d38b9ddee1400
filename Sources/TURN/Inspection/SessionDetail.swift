package import Addressing
package import STUN

/// One allocation with all it holds, for an operator's eyes.
package struct SessionDetail: Sendable {
    /// A peer that may send and be sent to.
    package struct Permission: Sendable {
        /// The peer.
        package let peer: IPAddress
        /// How long it lasts unless refreshed; zero when it is over and not swept yet.
        package let secondsLeft: UInt32
        /// Whether the peer is this server itself, of which only the relay ports may be reached.
        package let isForRelayPortsOnly: Bool
    }

    /// A number bound to a peer.
    package struct Channel: Sendable {
        /// The number.
        package let number: ChannelNumber
        /// The peer.
        package let peer: TransportAddress
        /// How long it lasts unless bound again; zero when it is over and not swept yet.
        package let secondsLeft: UInt32
        /// Whether its packets do not come to the server (`offload`).
        package let isOffloaded: Bool
    }

    /// The allocation.
    package let summary: SessionSummary
    /// Its permissions.
    package let permissions: [Permission]
    /// Its channels.
    package let channels: [Channel]
    /// Payload bytes it may carry in a second, each way; nil where nothing limits it.
    package let bytesPerSecond: Int?
    /// What was thrown away of its data, by reason.
    package let drops: SessionDrops
}
