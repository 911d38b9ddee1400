package import Transport

/// Why a run came to nothing.
package enum LoadError: Error, Sendable {
    /// The system refused.
    case system(SystemError)
    /// TLS or DTLS did not come about, and why for the first client.
    case notSecure(TLSError)
    /// No client got what it wanted; how often which error code came, 0 for no answer.
    case nothingWorks([UInt16: Int])
    /// A payload does not fit its message.
    case payloadTooLong
}

extension LoadError: CustomStringConvertible {
    /// What happened.
    package var description: String {
        switch self {
        case .system(let error): return "\(error)"
        case .notSecure(let error): return "\(error)"
        case .payloadTooLong: return "the payload is too long for one message"
        case .nothingWorks(let failures):
            let told = failures.sorted { $0.value > $1.value }.map { code, count in
                code == 0 ? "no answer (\(count) times)" : "error \(code) (\(count) times)"
            }
            return "no client got what it asked for: " + told.joined(separator: ", ")
        }
    }
}
