/// Why a TCP connection was closed before its client has shown who it is, as logs say it.
enum ConnectionRefusal: String, Sendable {
    /// Its source has as many as it may have.
    case tooManyOfSource = "too many connections of this source"
    /// It came to `tcp-proxy-port` from somebody who is not in `proxy-protocol-from`.
    case notAProxy = "not a trusted proxy"
    /// The header of the PROXY protocol is missing or makes no sense.
    case badProxyHeader = "no valid PROXY header"
    /// It was brought to the worker that its client asked for, and then the client asked for another one's.
    case handedOverTwice = "handed over already"
}
