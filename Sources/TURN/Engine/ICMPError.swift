/// An ICMP error as the ICMP attribute tells it (RFC 8656 §18.13).
package struct ICMPError: Hashable, Sendable {
    /// Type and code, of ICMP for a peer on IPv4, of ICMPv6 for one on IPv6.
    package let type: UInt8
    package let code: UInt8
    /// The MTU of the next hop, where it is too small; else 0.
    package let data: UInt32

    /// An error with what came with it, of which only the MTU is told.
    package init(type: UInt8, code: UInt8, info: UInt32, isIPv4: Bool) {
        self.type = type
        self.code = code
        let isTooBig = isIPv4 ? type == 3 && code == 4 : type == 2
        data = isTooBig ? info : 0
    }

    /// The attribute's value: 16 bits reserved, 7 of type, 9 of code, 32 of data.
    var attributeValue: UInt64 { UInt64(type & 0x7F) << 41 | UInt64(code) << 32 | UInt64(data) }
}
