import TURNClient
import Transport

/// What the sessions of TLS or DTLS of all clients have in common.
struct LinkSecurity {
    /// Where ciphertext comes from and goes to, for one session at a time.
    let wire: TLSWire
    private let context: TLSContext
    private let serverName: String

    /// For clients of a server; nil when they are to reach it without TLS and DTLS.
    init?(for server: TargetServer) throws(TLSError) {
        guard server.url.transport.isSecure else { return nil }
        let carrier: TLSWire.Carrier = server.url.transport.isStream ? .stream : .datagrams
        context = try TLSContext(client: server.trust.settings, over: carrier)
        wire = TLSWire(carrier)
        serverName = server.trust.serverName ?? server.url.host
    }

    /// A session for a client, whose first reading of an empty wire makes its hello.
    func makeSession() -> TLSSession? { TLSSession(connectingTo: serverName, context, wire: wire) }
}
