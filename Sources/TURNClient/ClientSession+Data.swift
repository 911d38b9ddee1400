package import Addressing
package import STUN

extension ClientSession {
    /// A Send indication for a peer (RFC 8656 §11.1); nil when the data does not fit one message.
    package mutating func sendIndication(
        to peer: TransportAddress, _ data: [UInt8], dontFragment: Bool = false
    ) -> [UInt8]? {
        guard data.count <= Self.maximumDataByteCount else { return nil }
        return indication(
            .send,
            [.xorAddress(.xorPeerAddress, peer)] + (dontFragment ? [.bytes(.dontFragment, [])] : [])
                + [.bytes(.data, data)])
    }

    /// An indication of any shape. Its values must fit one message.
    package mutating func indication(_ method: Method, _ attributes: [ClientRequest.Attribute]) -> [UInt8] {
        writer.begin(MessageType(method, .indication), newTransactionID())
        for attribute in attributes { writer.add(attribute) }
        if addsFingerprint { writer.addFingerprint() }
        return writer.bytes
    }

    /// A ChannelData message, padded with zeros on a stream (RFC 8656 §12.4); nil when the data does not fit.
    package func channelData(_ channel: ChannelNumber, _ data: [UInt8]) -> [UInt8]? {
        guard let length = UInt16(exactly: data.count) else { return nil }
        let header = ChannelData.header(channel, length: length)
        let padding = isStream ? WireFormat.padded(data.count) - data.count : 0
        return (0..<4).map { UInt8(truncatingIfNeeded: header >> UInt32(24 - 8 * $0)) } + data
            + Array(repeating: 0, count: padding)
    }

    /// The most that DATA holds beside an IPv6 XOR-PEER-ADDRESS, DONT-FRAGMENT and FINGERPRINT.
    private static var maximumDataByteCount: Int { 65532 - 24 - 4 - 8 - 4 }
}
