/// Where the admin interface of a server is heard.
package enum AdminEndpoint: Sendable {
    /// A Unix socket. The mode of the file says who may connect.
    case socket(path: String)
    /// HTTP at a host, to which the token is shown.
    case http(host: String, port: Int, token: String?)

    /// An address of `http://HOST:PORT`; nil for anything else.
    package init?(url: String, token: String?) {
        guard url.hasPrefix("http://") else { return nil }
        var rest = url.dropFirst("http://".count)
        if rest.last == "/" { rest = rest.dropLast() }
        guard let colon = rest.lastIndex(of: ":"), let port = Int(rest[rest.index(after: colon)...]),
            (1...65535).contains(port)
        else { return nil }
        let host = rest[..<colon].filter { $0 != "[" && $0 != "]" }
        guard !host.isEmpty else { return nil }
        self = .http(host: host, port: port, token: token)
    }
}

extension AdminEndpoint: CustomStringConvertible {
    /// How messages call it, without the token.
    package var description: String {
        switch self {
        case .socket(let path): path
        case .http(let host, let port, _): "http://\(host.contains(":") ? "[\(host)]" : host):\(port)"
        }
    }
}
