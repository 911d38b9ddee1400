import Addressing
import STUN

/// What a Binding request asks for beyond an answer: RFC 5780 §7.2, §7.5, §7.6.
struct DiscoveryWish {
    /// The attributes that ask for it.
    static let attributes: [AttributeType] = [.changeRequest, .responsePort, .padding]

    /// Whether to answer from the other address.
    let changesAddress: Bool
    /// Whether to answer from the other port.
    let changesPort: Bool
    /// The port to answer to, on the client's own address.
    let responsePort: UInt16?
    /// How long the request's own PADDING is.
    let paddingByteCount: Int?

    /// Reads a request. PADDING and RESPONSE-PORT exclude each other (§6.1): together they would aim large datagrams.
    init(_ message: borrowing MessageReader) throws(Refusal) {
        let change = try message.uint32(.changeRequest).optional() ?? 0
        changesAddress = change & 0x04 != 0
        changesPort = change & 0x02 != 0
        responsePort = try message.responsePort.optional()
        paddingByteCount = message.locate(.padding)?.length
        guard responsePort != 0, responsePort == nil || paddingByteCount == nil else { throw Refusal(.badRequest) }
    }

    /// Whether nothing is asked for.
    var isEmpty: Bool { !changesAddress && !changesPort && responsePort == nil && paddingByteCount == nil }

    /// Where the answer comes from, of the four places.
    func source(asked: TransportAddress, other: TransportAddress) -> TransportAddress {
        TransportAddress(changesAddress ? other.ip : asked.ip, port: changesPort ? other.port : asked.port)
    }
}
