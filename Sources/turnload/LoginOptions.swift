import Addressing
import ArgumentParser
import LoadTest
import Timing
import Transport

/// Who the clients are, and where their peer is.
struct LoginOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Log in as a user with a password.", valueName: "name:password"))
    var user: String?

    @Option(help: "Log in by the TURN REST API with the secret shared with the server.")
    var secret: String?

    @Option(help: ArgumentHelp("Where the peer is to be; the server must reach it there.", valueName: "address"))
    var peerAddress: String?

    @OptionGroup(title: "TLS and DTLS") var trust: TrustOptions

    func validate() throws {
        if user != nil, secret != nil { throw ValidationError("give --user or --secret, not both") }
        if let user, !user.contains(":") { throw ValidationError("--user wants name:password") }
    }

    /// Who the clients are.
    private var login: Login {
        if let secret { return .secret(secret) }
        guard let user, let colon = user.firstIndex(of: ":") else { return .none }
        return .user(name: String(user[..<colon]), password: String(user[user.index(after: colon)...]))
    }

    /// A server, looked up.
    func target(_ url: String, processID: Int?) throws -> TargetServer {
        let credentials = login.credentials(at: SystemClock.moment().unixSeconds)
        return try TargetServer(ServerURL(url), credentials: credentials, trust: trust.trust, processID: processID)
    }

    /// Where the peer is to be.
    func peer() throws -> IPAddress? {
        guard let text = peerAddress else { return nil }
        guard let ip = IPAddress(text) else { throw ValidationError("--peer-address wants an IP address") }
        return ip
    }
}
