package import TURNClient

/// A STUN or TURN server as `iceServers` names it: `turn:host:port?transport=udp`, or with `turns:` over TLS and, with
/// `?transport=udp`, over DTLS (RFC 7064 §3.1, RFC 7065 §3.1).
package struct ServerURL: Hashable, Sendable {
    /// The name or address of the host, without brackets.
    package let host: String
    /// The port; where the URL names none, 3478, or 5349 over TLS and DTLS.
    package let port: UInt16
    /// How the server is reached.
    package let transport: ClientTransport

    /// Parses a URL.
    package init(_ text: String) throws(ServerURLError) {
        let halves = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard let colon = halves[0].firstIndex(of: ":") else { throw .noScheme(text) }
        let isSecure: Bool
        switch halves[0][..<colon].lowercased() {
        case "turn", "stun": isSecure = false
        case "turns", "stuns": isSecure = true
        default: throw .noScheme(text)
        }
        let query = halves.count > 1 ? halves[1] : isSecure ? "transport=tcp" : "transport=udp"
        transport = try Self.transport(query, isSecure: isSecure, in: text)
        let endpoint = try Self.endpoint(halves[0][halves[0].index(after: colon)...], in: text)
        (host, port) = (endpoint.host, endpoint.port ?? (isSecure ? 5349 : 3478))
    }

    private static func transport(
        _ query: Substring, isSecure: Bool, in url: String
    ) throws(ServerURLError) -> ClientTransport {
        switch query.lowercased() {
        case "transport=udp": isSecure ? .dtls : .udp
        case "transport=tcp": isSecure ? .tls : .tcp
        default: throw .badTransport(url)
        }
    }

    private static func endpoint(
        _ text: Substring, in url: String
    ) throws(ServerURLError) -> (host: String, port: UInt16?) {
        let hostEnd: Substring.Index
        if text.first == "[" {
            guard let bracket = text.firstIndex(of: "]") else { throw .badHost(url) }
            hostEnd = text.index(after: bracket)
        } else {
            hostEnd = text.firstIndex(of: ":") ?? text.endIndex
        }
        let host = text[..<hostEnd].filter { $0 != "[" && $0 != "]" }
        guard !host.isEmpty else { throw .badHost(url) }
        let rest = text[hostEnd...]
        if rest.isEmpty { return (host, nil) }
        guard rest.first == ":", let port = UInt16(rest.dropFirst()), port > 0 else { throw .badPort(url) }
        return (host, port)
    }
}

extension ServerURL: CustomStringConvertible {
    /// `turn:192.0.2.1:3478?transport=udp`.
    package var description: String {
        let shown = host.contains(":") ? "[\(host)]" : host
        let scheme = transport.isSecure ? "turns" : "turn"
        return "\(scheme):\(shown):\(port)?transport=\(transport.isStream ? "tcp" : "udp")"
    }
}
