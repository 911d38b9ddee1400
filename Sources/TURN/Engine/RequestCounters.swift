package import STUN

/// How requests were answered. Kept by name of method and code, of which there are few.
package struct RequestCounters: Sendable {
    /// An error reply to a method.
    package struct Refused: Hashable, Sendable {
        /// The method.
        package let method: Method
        /// The code.
        package let code: ErrorCode
    }

    /// Success replies by method.
    package private(set) var successes: [Method: UInt64] = [:]
    /// Error replies by method and code, whoever they went to.
    package private(set) var refusals: [Refused: UInt64] = [:]

    mutating func countSuccess(_ method: Method) { successes[method, default: 0] &+= 1 }

    mutating func count(_ code: ErrorCode, _ method: Method) {
        refusals[Refused(method: method, code: code), default: 0] &+= 1
    }
}
