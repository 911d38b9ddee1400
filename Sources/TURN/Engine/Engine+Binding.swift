import STUN

extension Engine {
    /// Binding: tells the client how its address looks from here (RFC 8489 §6.3.1).
    mutating func bind(_ request: borrowing Request) {
        beginSuccess(request)
        let client = request.client.fiveTuple.client
        writer.add(.xorMappedAddress, xor: client)
        if settings.addsMappedAddress { writer.add(.mappedAddress, plain: client) }
    }
}
