/// What was relayed without the server.
package struct OffloadCounters: Hashable, Sendable, BitwiseCopyable {
    /// One direction.
    package struct Direction: Hashable, Sendable, BitwiseCopyable {
        package var packets: UInt64 = 0
        /// Bytes of payload.
        package var bytes: UInt64 = 0
        /// Packets thrown away because the session had used up its rate.
        package var dropped: UInt64 = 0

        init(packets: UInt64 = 0, bytes: UInt64 = 0, dropped: UInt64 = 0) {
            self.packets = packets
            self.bytes = bytes
            self.dropped = dropped
        }
    }

    /// From the client to the peer.
    package var fromClient = Direction()
    /// From the peer to the client.
    package var fromPeer = Direction()

    /// Nothing yet.
    package init() {}

    init(fromClient: Direction, fromPeer: Direction) {
        self.fromClient = fromClient
        self.fromPeer = fromPeer
    }
}
