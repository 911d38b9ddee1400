import Accounts
import Addressing
import Configuration
import Cryptography
import HTTPTypes
import Relay
import TURN
import Timing
import Transport

/// Makes time-limited credentials (TURN REST API), with the URLs under which this server is reached.
struct CredentialMint: Sendable {
    private let configuration: ServerConfiguration
    private let server: RelayServer

    init(_ administration: Administration) {
        configuration = administration.configuration
        server = administration.server
    }

    /// A credential under the newest secret that stays.
    func mint(
        _ wish: CredentialWishBody, secrets: [AccountAdministration.KnownSecret]
    ) throws(Problem) -> ICEServersBody {
        guard let secret = secrets.last(where: { $0.expiry == nil }).flatMap({ SharedSecret($0.value) }) else {
            throw .conflict("there is no shared secret: static-auth-secret, or one added here")
        }
        let ttl = wish.ttlSeconds ?? 86_400
        let expiry = SystemClock.moment().unixSeconds + ttl
        var username = "\(expiry)"
        if let user = wish.user, !user.isEmpty {
            username += String(UnicodeScalar(configuration.restSeparator)) + user
        }
        guard let password = secret.password(for: Array(username.utf8)) else {
            throw Problem(.serviceUnavailable, "OpenSSL refuses SHA-1, on which these credentials stand")
        }
        return ICEServersBody(
            iceServers: [
                .init(urls: urls, username: username, credential: String(decoding: password, as: UTF8.self))
            ], ttlSeconds: ttl, expiresAt: expiry)
    }

    /// The URLs (RFC 7065), the quickest transport first.
    var urls: [String] {
        let host = host
        var urls: [String] = []
        if !configuration.noUDP { urls.append("turn:\(host):\(configuration.listeningPort)?transport=udp") }
        if !configuration.noTCP { urls.append("turn:\(host):\(configuration.listeningPort)?transport=tcp") }
        if configuration.servesTLS { urls.append("turns:\(host):\(configuration.tlsListeningPort)?transport=tcp") }
        return urls
    }

    private var host: String {
        if let name = configuration.iceServerName { return name }
        guard let address = server.control.relayPorts.first?.address.advertised else { return "localhost" }
        return address.family == .ipv6 ? "[\(address)]" : "\(address)"
    }
}
