import ArgumentParser
import LoadTest
import TURNClient
import Transport

/// Whom to believe over TLS and DTLS.
struct TrustOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Believe the authorities in this PEM file instead of the system's.", valueName: "file"))
    var caFile: String?

    @Option(help: ArgumentHelp("What the certificate must bear; by default the host of the URL.", valueName: "name"))
    var serverName: String?

    @Flag(help: "Believe every certificate. Only for tests of your own server.")
    var insecure = false

    func validate() throws {
        if insecure, caFile != nil { throw ValidationError("give --ca-file or --insecure, not both") }
    }

    /// What the options ask for.
    var trust: ServerTrust {
        var settings = TLSClientSettings(authorityFile: caFile)
        settings.verifiesServer = !insecure
        return ServerTrust(settings, serverName: serverName)
    }
}
