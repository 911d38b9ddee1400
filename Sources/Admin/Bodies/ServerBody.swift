import Addressing
import Configuration
import Glibc
import Logging
import Relay
import TURN
import Timing
import Transport

/// The server as a whole.
struct ServerBody: Encodable {
    struct Listener: Encodable {
        let address: String
        let transports: [String]
    }

    struct RelayAddressBody: Encodable {
        let bound: String
        let advertised: String
    }

    struct Ports: Encodable {
        let first: UInt16
        let last: UInt16
    }

    struct Certificate: Encodable {
        let file: String
        let subject: String
        let expiresAt: Int64
    }

    let version: String
    let processId: Int32
    let state: String
    let startedAt: Int64
    let uptimeSeconds: Int64
    let workers: Int
    let realm: String
    let access: String
    let urls: [String]
    let listening: [Listener]
    let relaying: [RelayAddressBody]
    let relayPorts: Ports
    let sessions: Int
    let logLevel: String
    let certificate: Certificate?

    init(_ administration: Administration) {
        let (configuration, control) = (administration.configuration, administration.control)
        version = administration.version
        processId = getpid()
        state = control.state
        startedAt = control.startedAt.unixSeconds
        uptimeSeconds = control.uptimeSeconds
        workers = control.workerCount
        realm = Names.text(configuration.realm)
        access =
            switch control.settings.authentication {
            case .stunOnly: "nobody"
            case .none: "open"
            case .longTerm: "credentials"
            }
        urls = CredentialMint(administration).urls
        listening = administration.server.listeningAddresses.map {
            Listener(address: $0.description, transports: Self.transports(at: $0.port, configuration))
        }
        relaying = control.relayPorts.map {
            RelayAddressBody(bound: $0.address.bound.description, advertised: $0.address.advertised.description)
        }
        relayPorts = Ports(first: configuration.minPort, last: configuration.maxPort)
        sessions = control.sessionCount
        logLevel = administration.logLevel.read().rawValue
        certificate = control.certificate.flatMap { certificate in
            configuration.certificateFile.map {
                Certificate(file: $0, subject: certificate.subject, expiresAt: certificate.expiry)
            }
        }
    }

    private static func transports(at port: UInt16, _ configuration: ServerConfiguration) -> [String] {
        let secure = (configuration.servesTLS ? ["tls"] : []) + (configuration.servesDTLS ? ["dtls"] : [])
        guard port != configuration.tlsListeningPort || !configuration.servesTLS && !configuration.servesDTLS else {
            return secure
        }
        return (configuration.noUDP ? [] : ["udp"]) + (configuration.noTCP ? [] : ["tcp"]) + secure
    }
}

extension RelayControl {
    /// `running`, `draining` or `stopping`.
    var state: String { isStopping ? "stopping" : drain != nil ? "draining" : "running" }

    /// How long the server has run.
    var uptimeSeconds: Int64 {
        Int64(clamping: SystemClock.instant().nanoseconds(since: startedAt.instant) / 1_000_000_000)
    }
}
