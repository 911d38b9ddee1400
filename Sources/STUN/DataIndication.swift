package import Addressing

/// The head of a Data indication (RFC 8656 §11.4): header, XOR-PEER-ADDRESS, and the header of DATA. It is written into the
/// room in front of a received datagram, so that the payload stays where the kernel put it.
package struct DataIndication: Sendable {
    /// The bytes in front of the payload.
    package private(set) var head = InlineArray<48, UInt8>(repeating: 0)
    /// How many of `head` count: 36 for an IPv4 peer, 48 for an IPv6 peer.
    package private(set) var headByteCount = 0
    /// Zero bytes to put behind the payload, 0 to 3.
    package let paddingByteCount: Int

    /// The room a head takes at most.
    package static let maximumHeadByteCount = 48

    /// The head for `payloadByteCount` bytes from `peer`; nil when the message would outgrow its length field, as the
    /// largest datagrams from an IPv6 peer do.
    package init?(from peer: TransportAddress, payloadByteCount: Int, transactionID: TransactionID) {
        let padded = WireFormat.padded(payloadByteCount)
        paddingByteCount = padded - payloadByteCount
        let addressByteCount = 4 + peer.ip.byteCount
        guard let length = UInt16(exactly: 8 + addressByteCount + padded) else { return nil }
        put(UInt32(MessageType(.data, .indication).wireValue) << 16 | UInt32(length))
        put(WireFormat.magicCookie)
        put(transactionID.high)
        put(transactionID.low)
        put(UInt32(AttributeType.xorPeerAddress.rawValue) << 16 | UInt32(truncatingIfNeeded: addressByteCount))
        let port = peer.port ^ UInt16(truncatingIfNeeded: WireFormat.magicCookie >> 16)
        put(UInt32(peer.family.rawValue) << 16 | UInt32(port))
        let ip = peer.ip.xored(with: transactionID)
        switch ip.family {
        case .ipv4:
            put(ip.v4Bits)
        case .ipv6:
            put(ip.high)
            put(ip.low)
        }
        put(UInt32(AttributeType.data.rawValue) << 16 | UInt32(truncatingIfNeeded: payloadByteCount))
    }

    private mutating func put(_ value: UInt32) {
        for index in 0..<4 {
            head[headByteCount + index] = UInt8(truncatingIfNeeded: value >> UInt32(24 - 8 * index))
        }
        headByteCount += 4
    }

    private mutating func put(_ value: UInt64) {
        put(UInt32(truncatingIfNeeded: value >> 32))
        put(UInt32(truncatingIfNeeded: value))
    }
}
