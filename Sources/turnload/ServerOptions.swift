import ArgumentParser
import LoadTest

/// Which server.
struct ServerOptions: ParsableArguments {
    @Argument(
        help:
            "The server: turn:HOST:PORT, with ?transport=tcp for TCP; turns:HOST:PORT for TLS, with ?transport=udp for DTLS."
    )
    var url: String

    @OptionGroup var login: LoginOptions

    @Option(help: ArgumentHelp("The server's process, to tell its use of processor and memory.", valueName: "pid"))
    var serverPid: Int?

    /// The server, looked up.
    func target() throws -> TargetServer { try login.target(url, processID: serverPid) }
}
