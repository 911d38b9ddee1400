import Cryptography
import STUN

/// Which password algorithms clients may use, and how they are told (RFC 8489 §9.2.4).
package enum PasswordAlgorithmOffer: Sendable {
    /// MD5, without a word about it: the server of RFC 5389.
    case unannounced
    /// SHA-256 or MD5.
    case sha256OrMD5
    /// SHA-256 only (`require-sha256`). Clients of RFC 5389, browsers among them, are shut out.
    case sha256Only

    /// The value of PASSWORD-ALGORITHMS; nil when it is not sent.
    package var attribute: [UInt8]? { algorithms.isEmpty ? nil : algorithms.flatMap(Self.entry) }

    /// What is announced, best first.
    private var algorithms: [PasswordAlgorithm] {
        switch self {
        case .unannounced: []
        case .sha256OrMD5: [.sha256, .md5]
        case .sha256Only: [.sha256]
        }
    }

    /// The algorithm that a request names; nil when it names none and means MD5. Bidding down is a bad request: the client
    /// shows with its integrity what list it has seen, and that must be the one it was sent.
    func choice(in message: borrowing MessageReader) throws(Refusal) -> PasswordAlgorithm? {
        guard let attribute else { return nil }
        let seen = message.value(of: .passwordAlgorithms)
        let named = message.value(of: .passwordAlgorithm)
        let namesNone = seen == nil && named == nil
        if case .sha256Only = self, namesNone || !message.hasIntegritySHA256 { throw Refusal(.unauthenticated) }
        if namesNone { return nil }
        guard let seen, seen.isEqual(to: attribute), let named,
            let choice = algorithms.first(where: { named.isEqual(to: Self.entry($0)) })
        else { throw Refusal(.badRequest) }
        return choice
    }

    /// One algorithm and the length of its parameters, of which none has any yet (RFC 8489 §14.11).
    private static func entry(_ algorithm: PasswordAlgorithm) -> [UInt8] {
        [UInt8(truncatingIfNeeded: algorithm.rawValue >> 8), UInt8(truncatingIfNeeded: algorithm.rawValue), 0, 0]
    }
}
