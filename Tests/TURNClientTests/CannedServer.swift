import Cryptography
import STUN
import TURNClient

/// Answers requests as a server would, with what the test tells it to say.
struct CannedServer {
    static let realm = Array("example.org".utf8)
    static let credentials = Credentials(username: "user", password: "pass")

    /// A response to the request in `bytes`, which `fill` completes; protected with the key that a client with
    /// `credentials` uses, unless `key` is nil.
    static func response(
        to bytes: [UInt8], _ class: MessageType.Class, key: [UInt8]? = credentials.key(realm: realm, .md5),
        sha256: Bool = false, _ fill: (inout MessageWriter) -> Void = { _ in }
    ) throws -> [UInt8] {
        let request = try MessageReader(bytes.span)
        var writer = MessageWriter()
        writer.begin(MessageType(request.type.method, `class`), request.transactionID)
        fill(&writer)
        guard let key else { return writer.bytes }
        var hmac = HMAC(sha256 ? .sha256 : .sha1)
        if sha256 {
            writer.addIntegritySHA256(key: key.span, using: &hmac)
        } else {
            writer.addIntegrity(key: key.span, using: &hmac)
        }
        return writer.bytes
    }

    /// A 401 or 438 to the request in `bytes`.
    static func challenge(
        to bytes: [UInt8], _ code: ErrorCode = .unauthenticated, nonce: String = "nonce", algorithms: [UInt8]? = nil
    ) throws -> [UInt8] {
        try response(to: bytes, .error, key: nil) { writer in
            writer.add(error: code)
            writer.add(.realm, realm)
            writer.add(.nonce, Array(nonce.utf8))
            if let algorithms { writer.add(.passwordAlgorithms, algorithms) }
        }
    }
}

/// What the attributes of a message hold, by type.
func attributes(of message: [UInt8]) throws -> [AttributeType: [UInt8]] {
    let reader = try MessageReader(message.span)
    var found: [AttributeType: [UInt8]] = [:]
    var offset = WireFormat.headerByteCount
    while let attribute = reader.nextAttribute(&offset) { found[attribute.type] = Array(message[attribute.value]) }
    return found
}
