import Addressing
import STUN
import TURN

/// Messages of a client that does not authenticate.
enum ClientMessages {
    /// A message with these attributes.
    static func message(
        _ method: STUN.Method, _ type: MessageType.Class = .request, _ body: (inout MessageWriter) -> Void = { _ in }
    ) -> [UInt8] {
        var writer = MessageWriter()
        writer.begin(MessageType(method, type), TransactionID(high: 1, low: 2))
        body(&writer)
        return writer.bytes
    }

    /// Allocate for datagrams.
    static func allocate(_ body: (inout MessageWriter) -> Void = { _ in }) -> [UInt8] {
        message(.allocate) { writer in
            writer.add(.requestedTransport, UInt32(17 << 24))
            body(&writer)
        }
    }

    /// The relayed address in an answer to Allocate.
    static func relayedAddress(in reply: [UInt8]) throws -> TransportAddress? {
        let reader = try MessageReader(reply.span)
        return reader.locate(.xorRelayedAddress).flatMap { reader.xorAddress(at: $0) }
    }
}
