import STUN

/// Why a request is answered with an error: what handlers throw.
struct Refusal: Error {
    /// The code of the reply.
    let code: ErrorCode
    /// What UNKNOWN-ATTRIBUTES lists, with code 420.
    var unknownAttributes: [AttributeType] = []
    /// Where the client is to go instead, with code 300.
    var alternateServers: [AlternateServer] = []

    init(_ code: ErrorCode) {
        self.code = code
    }

    init(unknown types: [AttributeType]) {
        code = .unknownAttribute
        unknownAttributes = types
    }

    init(tryInstead servers: [AlternateServer]) {
        code = .tryAlternate
        alternateServers = servers
    }
}

extension AttributeValue {
    /// The value; nil when the attribute is absent. A malformed one is a bad request.
    func optional() throws(Refusal) -> Value? {
        switch self {
        case .absent: nil
        case .malformed: throw Refusal(.badRequest)
        case .value(let value): value
        }
    }

    /// The value. An absent or malformed attribute is a bad request.
    func required() throws(Refusal) -> Value {
        guard let value = try optional() else { throw Refusal(.badRequest) }
        return value
    }
}
