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

    /// Success replies by number of the method. Those that are served have numbers below 16 (RFC 8656 §17, RFC 6062 §6.1).
    private var successesByNumber = InlineArray<16, UInt64>(repeating: 0)
    /// Error replies by method and code, whoever they went to.
    package private(set) var refusals: [Refused: UInt64] = [:]

    /// Success replies by method.
    package var successes: [Method: UInt64] {
        let counted = successesByNumber.indices.filter { successesByNumber[$0] > 0 }
        return Dictionary(
            uniqueKeysWithValues: counted.map { (Method(rawValue: UInt16($0)), successesByNumber[$0]) })
    }

    mutating func countSuccess(_ method: Method) {
        let number = Int(method.rawValue)
        guard number < successesByNumber.count else { return }
        successesByNumber[number] &+= 1
    }

    mutating func count(_ code: ErrorCode, _ method: Method) {
        refusals[Refused(method: method, code: code), default: 0] &+= 1
    }
}
