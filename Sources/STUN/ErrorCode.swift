/// The error codes a STUN or TURN server sends, with the reason phrases of their RFCs: RFC 8489 §18.5, RFC 8656 §19,
/// RFC 6062 §6.3, RFC 8016 §5. The one table of error codes.
package enum ErrorCode: UInt16, Sendable, CaseIterable, BitwiseCopyable {
    case tryAlternate = 300
    case badRequest = 400
    case unauthenticated = 401
    case forbidden = 403
    case mobilityForbidden = 405
    case unknownAttribute = 420
    case allocationMismatch = 437
    case staleNonce = 438
    case addressFamilyNotSupported = 440
    case wrongCredentials = 441
    case unsupportedTransportProtocol = 442
    case peerAddressFamilyMismatch = 443
    case connectionAlreadyExists = 446
    case connectionTimeoutOrFailure = 447
    case allocationQuotaReached = 486
    case serverError = 500
    case insufficientCapacity = 508

    /// The reason phrase, sent only when the operator asks for it: it makes error replies larger.
    package var reason: String {
        switch self {
        case .tryAlternate: "Try Alternate"
        case .badRequest: "Bad Request"
        case .unauthenticated: "Unauthenticated"
        case .forbidden: "Forbidden"
        case .mobilityForbidden: "Mobility Forbidden"
        case .unknownAttribute: "Unknown Attribute"
        case .allocationMismatch: "Allocation Mismatch"
        case .staleNonce: "Stale Nonce"
        case .addressFamilyNotSupported: "Address Family not Supported"
        case .wrongCredentials: "Wrong Credentials"
        case .unsupportedTransportProtocol: "Unsupported Transport Protocol"
        case .peerAddressFamilyMismatch: "Peer Address Family Mismatch"
        case .connectionAlreadyExists: "Connection Already Exists"
        case .connectionTimeoutOrFailure: "Connection Timeout or Failure"
        case .allocationQuotaReached: "Allocation Quota Reached"
        case .serverError: "Server Error"
        case .insufficientCapacity: "Insufficient Capacity"
        }
    }
}
