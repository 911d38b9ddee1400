import STUN

extension Engine {
    /// Binding: tells the client how its address looks from here (RFC 8489 §6.3.1).
    mutating func bind(_ request: borrowing Request) throws(Refusal) -> ClientAction {
        beginSuccess(request)
        let client = request.client.fiveTuple.client
        writer.add(.xorMappedAddress, xor: client)
        let other = otherAddress(for: request)
        if settings.addsMappedAddress || other != nil { writer.add(.mappedAddress, plain: client) }
        guard let other else { return .reply }
        return try addDiscovery(to: request, other: other)
    }
}
