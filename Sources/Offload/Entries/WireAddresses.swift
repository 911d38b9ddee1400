package import Addressing

/// What tells the packets of one direction of a channel apart on the wire.
package struct WireAddresses: Hashable, Sendable {
    package let source: TransportAddress
    package let destination: TransportAddress
    /// The channel number in front of the payload; 0 when there is no ChannelData header.
    package let channel: UInt16

    /// Packets from `source` to `destination`, framed as ChannelData unless `channel` is 0.
    package init(from source: TransportAddress, to destination: TransportAddress, channel: UInt16 = 0) {
        self.source = source
        self.destination = destination
        self.channel = channel
    }

    /// The sum of its 16-bit words in one's complement, as the checksum of UDP takes it (RFC 768).
    var checksumPart: UInt16 {
        var sum = UInt64(source.port) + UInt64(destination.port) + UInt64(channel)
        for ip in [source.ip, destination.ip] {
            for half in [ip.high, ip.low] {
                sum += half >> 48 + half >> 32 & 0xFFFF + half >> 16 & 0xFFFF + half & 0xFFFF
            }
        }
        while sum > 0xFFFF { sum = sum >> 16 + sum & 0xFFFF }
        return UInt16(truncatingIfNeeded: sum)
    }
}
