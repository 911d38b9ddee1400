import Addressing
import STUN
import Timing

extension Engine {
    /// The attributes of RFC 5780 that a request carries in vain: all of them on a server without four places to answer
    /// from, and over anything but UDP, where an answer cannot come from elsewhere.
    mutating func unavailableDiscoveryAttributes(of request: borrowing Request) -> [AttributeType] {
        let isAvailable = request.message.type.method == .binding && otherAddress(for: request) != nil
        guard !isAvailable || request.client.fiveTuple.transport != .udp else { return [] }
        return DiscoveryWish.attributes.filter { request.message.contains($0) }
    }

    /// The place that shares neither address nor port with the one that a request was sent to (RFC 5780 §7.4).
    mutating func otherAddress(for request: borrowing Request) -> TransportAddress? {
        settings.alternateAddresses?.other(than: request.client.fiveTuple.server)
    }

    /// Completes the answer to a Binding request on a server with four places (RFC 5780 §6.1).
    mutating func addDiscovery(
        to request: borrowing Request, other: TransportAddress
    ) throws(Refusal) -> ClientAction {
        let wish = try DiscoveryWish(request.message)
        let fiveTuple = request.client.fiveTuple
        guard wish.isEmpty || discoveryLimiter.admits(fiveTuple.client.ip, now: request.now.instant) else {
            return drop(.rateLimited)
        }
        let source = wish.source(asked: fiveTuple.server, other: other)
        writer.add(.responseOrigin, plain: settings.addressTranslation.advertised(for: source))
        writer.add(.otherAddress, plain: settings.addressTranslation.advertised(for: other))
        if let count = wish.paddingByteCount { pad(count) }
        guard source != fiveTuple.server || wish.responsePort != nil else { return .reply }
        let destination = TransportAddress(fiveTuple.client.ip, port: wish.responsePort ?? fiveTuple.client.port)
        return .replyElsewhere(from: source, to: destination)
    }

    /// PADDING as long as the request's own, but no longer than fills 1500 bytes (RFC 5780 §7.6): the answer to a forged
    /// request is no larger than the request.
    private mutating func pad(_ wished: Int) {
        let room = Self.paddedReplyByteCount - writer.bytes.count - WireFormat.attributeHeaderByteCount
        writer.add(.padding, [UInt8](repeating: 0, count: min(wished, room) & ~3))
    }

    private static var paddedReplyByteCount: Int { 1500 }
}
