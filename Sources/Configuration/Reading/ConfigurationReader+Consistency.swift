// Settings that are each in order and do not fit together.

import Addressing

extension ConfigurationReader {
    /// The configuration with what follows from its settings filled in, and what is wrong with it as a whole.
    func finished() -> (configuration: ServerConfiguration, problems: [ConfigurationProblem]) {
        var configuration = configuration
        configuration.useAuthSecret = configuration.useAuthSecret || !configuration.staticAuthSecrets.isEmpty
        configuration.longTermCredentials =
            configuration.longTermCredentials || configuration.useAuthSecret || configuration.hasCredentials
        let rest = authenticationProblems + transportProblems + addressProblems + peerProblems
        // Unspecified, a relay address says no more than no address does.
        configuration.relayAddresses.removeAll(where: \.isUnspecified)
        return (configuration, problems + rest)
    }

    private var authenticationProblems: [ConfigurationProblem] {
        var found: [ConfigurationProblem] = []
        if configuration.noAuth {
            found.append(problem(.warning, "no-auth", "anybody may relay through this server"))
            if configuration.hasCredentials || configuration.longTermCredentials || configuration.useAuthSecret {
                found.append(problem(.error, "no-auth", "expected either credentials or no-auth, found both"))
            }
        }
        if configuration.useAuthSecret, configuration.staticAuthSecrets.isEmpty {
            found.append(problem(.error, "use-auth-secret", "expected a static-auth-secret too"))
        }
        if configuration.secureSTUN, !configuration.hasCredentials {
            found.append(problem(.error, "secure-stun", "expected a user or a static-auth-secret too"))
        }
        if configuration.hasCredentials, configuration.realm.isEmpty {
            found.append(problem(.error, "realm", "expected a realm, as there are credentials; often it is the domain"))
        }
        if configuration.relayAccess == .nobody, !configuration.stunOnly, !configuration.useAuthSecret {
            found.append(
                problem(
                    .warning, nil,
                    "no user, no static-auth-secret: the server answers STUN and relays for nobody"))
        }
        return found + repeatedUsers
    }

    private var repeatedUsers: [ConfigurationProblem] {
        var names: Set<[UInt8]> = []
        return configuration.users.filter { !names.insert($0.name).inserted }.map { user in
            problem(.warning, "user", "\"\(user.name.printable)\" is written twice; the last line counts")
        }
    }

    private var transportProblems: [ConfigurationProblem] {
        var found: [ConfigurationProblem] = []
        if configuration.noUDP, configuration.noTCP {
            found.append(
                problem(.error, "no-tcp", "with no-udp it leaves nothing to listen on; TLS and DTLS are not built yet"))
        }
        if configuration.noSTUN, configuration.relayAccess == .nobody {
            found.append(problem(.error, "no-stun", "leaves nothing to answer, as nobody may relay"))
        }
        if configuration.minPort > configuration.maxPort {
            found.append(
                problem(
                    .error, origin(of: "max-port") == nil ? "min-port" : "max-port",
                    "expected min-port \(configuration.minPort) to be no higher than "
                        + "max-port \(configuration.maxPort)"))
        } else if (configuration.minPort...configuration.maxPort).contains(configuration.listeningPort) {
            found.append(
                problem(
                    .warning, "listening-port",
                    "\(configuration.listeningPort) lies among the relay ports "
                        + "\(configuration.minPort) to \(configuration.maxPort)"))
        }
        return found
    }

    private var addressProblems: [ConfigurationProblem] {
        var found: [ConfigurationProblem] = []
        if configuration.relayAddresses.contains(where: \.isUnspecified) {
            found.append(
                problem(.warning, "relay-ip", "0.0.0.0 and :: are nobody's address; the server looks for its own"))
        }
        var mapped: Set<String> = []
        for external in configuration.externalAddresses {
            let target = external.privateAddress.map { "\($0)" } ?? "every \(external.publicAddress.family) address"
            if !mapped.insert(target).inserted {
                found.append(problem(.warning, "external-ip", "\(target) is mapped twice; the last line counts"))
            }
        }
        return found
    }

    private var peerProblems: [ConfigurationProblem] {
        guard configuration.allowLoopbackPeers else { return [] }
        return [problem(.warning, "allow-loopback-peers", "clients reach services of this machine; for tests only")]
    }

    private func problem(
        _ severity: ConfigurationProblem.Severity, _ option: String?, _ message: String
    ) -> ConfigurationProblem {
        ConfigurationProblem(severity, option.flatMap(origin), option: option, message)
    }
}
