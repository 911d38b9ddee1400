import Addressing
import ArgumentParser
import LoadTest
import Timing
import Transport

/// Which server, and who the clients are.
struct ServerOptions: ParsableArguments {
    @Argument(help: "The server: turn:HOST:PORT, with ?transport=tcp for TCP.")
    var url: String

    @Option(help: ArgumentHelp("Log in as a user with a password.", valueName: "name:password"))
    var user: String?

    @Option(help: "Log in by the TURN REST API with the secret shared with the server.")
    var secret: String?

    @Option(help: ArgumentHelp("The server's process, to tell its use of processor and memory.", valueName: "pid"))
    var serverPid: Int?

    @Option(help: ArgumentHelp("Where the peer is to be; the server must reach it there.", valueName: "address"))
    var peerAddress: String?

    func validate() throws {
        if user != nil, secret != nil { throw ValidationError("give --user or --secret, not both") }
        if let user, !user.contains(":") { throw ValidationError("--user wants name:password") }
    }

    /// Who the clients are.
    var login: Login {
        if let secret { return .secret(secret) }
        guard let user, let colon = user.firstIndex(of: ":") else { return .none }
        return .user(name: String(user[..<colon]), password: String(user[user.index(after: colon)...]))
    }

    /// The server, looked up.
    func target() throws -> TargetServer {
        try TargetServer(
            ServerURL(url), credentials: login.credentials(at: SystemClock.moment().unixSeconds), processID: serverPid)
    }

    /// Where the peer is to be.
    func peer() throws -> IPAddress? {
        guard let text = peerAddress else { return nil }
        guard let ip = IPAddress(text) else { throw ValidationError("--peer-address wants an IP address") }
        return ip
    }
}
