/// Why a question to the server came to nothing. Each kind has an exit status of its own.
package enum AdminFailure: Error, Equatable {
    /// Nobody answers there: 3.
    case unreachable(endpoint: String, reason: String)
    /// The server refused, with its HTTP status and its words: 4, or 5 where what was asked for is not there.
    case refused(status: Int, message: String)
    /// What came is no answer of this interface: 6.
    case unreadable(String)

    /// What the program ends with.
    package var exitStatus: Int32 {
        switch self {
        case .unreachable: 3
        case .refused(404, _): 5
        case .refused: 4
        case .unreadable: 6
        }
    }
}

extension AdminFailure: CustomStringConvertible {
    /// For people, in one line.
    package var description: String {
        switch self {
        case .unreachable(let endpoint, let reason): "nobody answers at \(endpoint): \(reason)"
        case .refused(let status, let message): "the server answers \(status): \(message)"
        case .unreadable(let what): "the answer makes no sense: \(what)"
        }
    }
}
