/// Why a text names no server that can be tested. Each case carries the text.
package enum ServerURLError: Error, Hashable, Sendable {
    /// It begins with none of `turn:`, `turns:`, `stun:` and `stuns:`.
    case noScheme(String)
    /// It names no host.
    case badHost(String)
    /// The port is no number from 1 to 65535.
    case badPort(String)
    /// What follows the question mark is not `transport=udp` or `transport=tcp`.
    case badTransport(String)
    /// The name of the host leads to no address.
    case unknownHost(String)
}

extension ServerURLError: CustomStringConvertible {
    /// What is wrong, and with which text.
    package var description: String {
        switch self {
        case .noScheme(let text): "\(text): a server is named turn:HOST:PORT, turns:HOST:PORT, or the same with stun"
        case .badHost(let text): "\(text): there is no host"
        case .badPort(let text): "\(text): the port is to be a number from 1 to 65535"
        case .badTransport(let text): "\(text): only ?transport=udp and ?transport=tcp are known"
        case .unknownHost(let text): "\(text): no address is known for this host"
        }
    }
}
