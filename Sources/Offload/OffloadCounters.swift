/// What was relayed without the server.
package struct OffloadCounters: Hashable, Sendable, BitwiseCopyable {
    /// One direction.
    package struct Direction: Hashable, Sendable, BitwiseCopyable {
        package var packets: UInt64 = 0
        /// Bytes of payload.
        package var bytes: UInt64 = 0
        /// Packets thrown away because the session had used up its rate.
        package var dropped: UInt64 = 0
    }

    /// From the client to the peer.
    package var fromClient = Direction()
    /// From the peer to the client.
    package var fromPeer = Direction()
}
