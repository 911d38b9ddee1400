import Addressing
import Testing

/// A UDP datagram on Ethernet, put together in the plainest way: what the program in the kernel is compared with.
struct WirePacket {
    var source: TransportAddress
    var destination: TransportAddress
    var payload: [UInt8]
    var hopLimit: UInt8 = 64
    var trafficClass: UInt8 = 0
    var mayFragment = false
    var identification: UInt16 = 0
    var hasChecksum = true

    init(from source: String, to destination: String, _ payload: [UInt8]) throws {
        self.source = try address(source)
        self.destination = try address(destination)
        self.payload = payload
    }

    /// The whole frame; all hardware addresses are zero, as on `lo`.
    var bytes: [UInt8] {
        let isIPv4 = source.family == .ipv4
        return [UInt8](repeating: 0, count: 12) + word(isIPv4 ? 0x0800 : 0x86DD) + (isIPv4 ? ipv4 : ipv6) + udp
    }

    private var udp: [UInt8] {
        let length = UInt16(8 + payload.count)
        let head = word(source.port) + word(destination.port) + word(length)
        let pseudo = octets(source.ip) + octets(destination.ip) + [0, 17] + word(length)
        let checksum = complement(pseudo + head + payload)
        return head + (hasChecksum ? word(checksum == 0 ? 0xFFFF : checksum) : [0, 0]) + payload
    }

    private var ipv4: [UInt8] {
        let head: [UInt8] =
            [0x45, trafficClass] + word(UInt16(28 + payload.count)) + word(identification)
            + [mayFragment ? 0 : 0x40, 0, hopLimit, 17]
        let addresses = octets(source.ip) + octets(destination.ip)
        return head + word(complement(head + addresses)) + addresses
    }

    private var ipv6: [UInt8] {
        [0x60 | trafficClass >> 4, trafficClass << 4, 0, 0] + word(UInt16(8 + payload.count)) + [17, hopLimit]
            + octets(source.ip) + octets(destination.ip)
    }

    private func word(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xFF)] }

    private func octets(_ ip: IPAddress) -> [UInt8] {
        (0..<ip.byteCount).reversed().map { UInt8(truncatingIfNeeded: ip.bits >> UInt128($0 * 8)) }
    }

    /// RFC 1071.
    private func complement(_ bytes: [UInt8]) -> UInt16 {
        var sum = 0
        for (index, byte) in bytes.enumerated() { sum += index % 2 == 0 ? Int(byte) << 8 : Int(byte) }
        while sum > 0xFFFF { sum = sum >> 16 + sum & 0xFFFF }
        return ~UInt16(sum)
    }
}

/// An address that a test writes down.
func address(_ text: String) throws -> TransportAddress {
    try #require(TransportAddress(text))
}

/// ChannelData over UDP, without padding (RFC 8656 §12.5).
func channelData(_ channel: UInt16, _ payload: [UInt8]) -> [UInt8] {
    [UInt8(channel >> 8), UInt8(channel & 0xFF), UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)] + payload
}
