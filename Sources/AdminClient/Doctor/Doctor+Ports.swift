import Addressing
import Configuration
import TURNClient
import Transport

extension Doctor {
    /// How the server was reached.
    struct Path {
        let transport: ClientTransport
        let server: TransportAddress
    }

    /// Every address and transport that the configuration names: a Binding over each. Also the first that answered.
    func examinePorts() -> (findings: [Finding], reachable: Path?) {
        var findings: [Finding] = []
        var reachable: Path?
        for ip in servers {
            for (transport, port) in transports {
                let path = Path(transport: transport, server: TransportAddress(ip, port: port))
                let finding = examine(path)
                findings.append(finding)
                if finding.gravity == .fine, reachable == nil { reachable = path }
            }
        }
        return (findings, reachable)
    }

    private var transports: [(ClientTransport, UInt16)] {
        var transports: [(ClientTransport, UInt16)] = []
        if !configuration.noUDP { transports.append((.udp, configuration.listeningPort)) }
        if !configuration.noTCP { transports.append((.tcp, configuration.listeningPort)) }
        if configuration.servesTLS { transports.append((.tls, configuration.tlsListeningPort)) }
        if configuration.servesDTLS { transports.append((.dtls, configuration.tlsListeningPort)) }
        return transports
    }

    private func examine(_ path: Path) -> Finding {
        let (name, place) = ("\(path.transport)", "\(path.server) over \(path.transport)")
        do throws(ClientError) {
            let response = try connect(path).request(.binding, withinMilliseconds: timeoutMilliseconds)
            // secure-stun and no-stun answer too, if not with an address.
            return .fine(
                "port-\(name)", "\(place): the server answers" + (response.isSuccess ? "" : ", and refuses STUN"))
        } catch {
            switch error {
            case .system, .timedOut:
                return .fault(
                    "silent-\(name)", "\(place): nobody answers (\(error))",
                    cure: "see whether the server runs (systemctl status culvert), and whether a firewall is in the way"
                )
            default:
                return .fault(
                    "stranger-\(name)", "\(place): what answers is no such server (\(error))",
                    cure: "see which program has the port: ss -tulpn")
            }
        }
    }

    /// A client that believes any certificate: whether it is good is looked at elsewhere.
    func connect(_ path: Path) throws(ClientError) -> ClientConnection {
        var settings = TLSClientSettings()
        settings.verifiesServer = false
        return try ClientConnection(
            path.transport, to: path.server, credentials: credentials, trust: ServerTrust(settings))
    }
}
