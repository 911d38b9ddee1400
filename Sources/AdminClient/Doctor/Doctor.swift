import Addressing
package import Configuration
import TURNClient

/// Looks at a configuration and at the server that runs with it, as a client does, and names what is wrong with the cure.
package struct Doctor {
    let loaded: LoadedConfiguration
    let host: String?
    let timeoutMilliseconds: UInt32

    /// The values.
    var configuration: ServerConfiguration { loaded.configuration }

    /// A doctor for one configuration.
    ///
    /// - Parameter host: the name by which clients know the server; nil leaves the DNS alone.
    package init(_ loaded: LoadedConfiguration, host: String?, timeoutMilliseconds: UInt32 = 2000) {
        self.loaded = loaded
        self.host = host
        self.timeoutMilliseconds = timeoutMilliseconds
    }

    /// Everything that was looked at, in an order in which a later fault may follow from an earlier one.
    package func examine() -> [Finding] {
        var findings = examineConfiguration()
        // What the server would make of an unusable file is not known.
        guard loaded.isUsable else { return findings }
        findings += examineCertificate() + examineName()
        let (ports, reachable) = examinePorts()
        findings += ports
        if let reachable, configuration.relayAccess != .nobody { findings += examineRelay(over: reachable) }
        return findings
    }

    /// Where this machine reaches its own server: the addresses it listens on, loopback where it listens everywhere.
    var servers: [IPAddress] {
        let written = configuration.listeningAddresses
        if written.isEmpty { return [IPAddress("127.0.0.1")].compactMap { $0 } }
        return written.map {
            $0.isUnspecified ? ($0.family == .ipv4 ? IPAddress("127.0.0.1") : IPAddress("::1")) ?? $0 : $0
        }
    }
}
