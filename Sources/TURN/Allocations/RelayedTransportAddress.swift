package import Addressing
package import Timing

/// One relayed transport address of an allocation (RFC 8656 §2): the socket, what the client is told, and how long it
/// lasts. An allocation has one, or one of each family.
package struct RelayedTransportAddress: Sendable, BitwiseCopyable {
    /// The host's socket.
    package var handle: RelayHandle
    /// The address told to the client: the socket's own, or its `external-ip`.
    package var advertised: TransportAddress
    /// Which of the configured relay addresses the port was taken from.
    package var poolIndex: Int
    /// When it ends unless refreshed.
    package var expiry: Instant
}
