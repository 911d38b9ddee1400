/// What an allocation has carried, payload only.
package struct Traffic: Sendable, Equatable, BitwiseCopyable {
    /// Datagrams from the client to peers.
    package var sentPackets: UInt64 = 0
    /// Payload bytes from the client to peers.
    package var sentBytes: UInt64 = 0
    /// Datagrams from peers to the client.
    package var receivedPackets: UInt64 = 0
    /// Payload bytes from peers to the client.
    package var receivedBytes: UInt64 = 0

    /// Nothing yet.
    package init() {}

    /// What has been carried since.
    func since(_ earlier: Traffic) -> Traffic {
        var rest = self
        rest.sentPackets &-= earlier.sentPackets
        rest.sentBytes &-= earlier.sentBytes
        rest.receivedPackets &-= earlier.receivedPackets
        rest.receivedBytes &-= earlier.receivedBytes
        return rest
    }

    /// Counts bytes of connections, which have no packets.
    mutating func count(sentBytes: Int, receivedBytes: Int) {
        self.sentBytes &+= UInt64(truncatingIfNeeded: sentBytes)
        self.receivedBytes &+= UInt64(truncatingIfNeeded: receivedBytes)
    }

    @inline(__always)
    mutating func countSent(_ byteCount: Int) {
        sentPackets &+= 1
        sentBytes &+= UInt64(truncatingIfNeeded: byteCount)
    }

    @inline(__always)
    mutating func countReceived(_ byteCount: Int) {
        receivedPackets &+= 1
        receivedBytes &+= UInt64(truncatingIfNeeded: byteCount)
    }
}
