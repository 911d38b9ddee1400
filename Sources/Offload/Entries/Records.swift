import Addressing
import COffload

extension relay_flow {
    /// The key of packets with these addresses.
    init(_ wire: WireAddresses) {
        self.init()
        Self.write(wire.source.ip, to: &source)
        Self.write(wire.destination.ip, to: &destination)
        source_port = wire.source.port.bigEndian
        destination_port = wire.destination.port.bigEndian
        channel = wire.channel.bigEndian
    }

    /// An address as the program compares it: 16 bytes in network order, IPv4 as an IPv4-mapped IPv6 address.
    fileprivate static func write<Bytes: BitwiseCopyable>(_ ip: IPAddress, to bytes: inout Bytes) {
        let halves =
            switch ip.family {
            case .ipv4: (UInt64(0), UInt64(0xFFFF) << 32 | ip.low)
            case .ipv6: (ip.high, ip.low)
            }
        unsafe withUnsafeMutableBytes(of: &bytes) { bytes in
            unsafe bytes.storeBytes(of: halves.0.bigEndian, as: UInt64.self)
            unsafe bytes.storeBytes(of: halves.1.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
    }
}

extension relay_forward {
    /// The way of packets that arrive with some addresses and leave with others.
    ///
    /// - Parameters:
    ///   - ingress: the interface they arrive on; `egress`: the one they leave by.
    ///   - meter: index of the session's rate, or 0.
    ///   - chains: whether `leaving` goes to a relayed address of this server.
    init(
        _ arriving: WireAddresses, to leaving: WireAddresses, ingress: UInt32, egress: UInt32, slot: UInt32,
        meter: UInt32, chains: Bool
    ) {
        self.init()
        relay_flow.write(leaving.source.ip, to: &source)
        relay_flow.write(leaving.destination.ip, to: &destination)
        source_port = leaving.source.port.bigEndian
        destination_port = leaving.destination.port.bigEndian
        channel = leaving.channel.bigEndian
        // RFC 1624: new words less old ones; the complement of a sum is its negative.
        let difference = UInt32(leaving.checksumPart) + UInt32(~arriving.checksumPart)
        checksum = UInt16(truncatingIfNeeded: difference & 0xFFFF + difference >> 16).bigEndian
        self.ingress = ingress
        self.egress = egress
        self.slot = slot
        self.meter = meter
        self.chains = chains ? 1 : 0
        family = leaving.destination.family == .ipv4 ? 4 : 6
    }
}
