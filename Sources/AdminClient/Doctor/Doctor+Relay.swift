import Accounts
import Addressing
import Configuration
import TURN
import TURNClient
import Timing
import Transport

extension Doctor {
    /// Credentials that the server should take: those of the first user, or time-limited ones.
    var credentials: Credentials? {
        for user in configuration.users {
            if case .password(let password) = user.secret {
                return Credentials(username: user.name, password: password)
            }
        }
        let name =
            Array("\(SystemClock.moment().unixSeconds + 300)".utf8) + [configuration.restSeparator]
            + Array("doctor".utf8)
        for value in configuration.staticAuthSecrets {
            guard let password = SharedSecret(value)?.password(for: name) else { continue }
            return Credentials(username: name, password: password)
        }
        return nil
    }

    /// Two sessions, and data from each to the other: this goes through the relay twice, out and in.
    func examineRelay(over path: Path) -> [Finding] {
        guard configuration.relayAccess == .open || credentials != nil else {
            return [
                .warning(
                    "no-password", "no password is known here, so the relay is not tried",
                    cure: "write a user with its password for the time of the visit")
            ]
        }
        do throws(ClientError) {
            let (one, other) = (try connect(path), try connect(path))
            var relayed: [TransportAddress] = []
            for client in [one, other] {
                let response = try client.request(.allocate(), withinMilliseconds: timeoutMilliseconds)
                guard let address = response.relayedAddress else { return [refusal(response)] }
                relayed.append(address)
            }
            defer { release([one, other]) }
            return examine(relayed[0].ip) + (try carry(between: (one, relayed[0]), and: (other, relayed[1])))
        } catch {
            return [
                .fault(
                    "relay-silent", "an allocation came to nothing (\(error))",
                    cure: "look at the server's log, at log-min-level=debug")
            ]
        }
    }

    /// An allocation that is not ended runs out by itself, so a failure here does no harm.
    private func release(_ clients: [ClientConnection]) {
        for client in clients {
            _ = try? client.request(.refresh(lifetimeSeconds: 0), withinMilliseconds: timeoutMilliseconds)
        }
    }

    private func refusal(_ response: ClientResponse) -> Finding {
        let code = response.errorCode ?? 0
        let cure =
            switch code {
            case 401: "compare user, password and realm with the running server: it may want a reload"
            case 486: "raise user-quota"
            case 508:
                "raise total-quota or bps-capacity, widen min-port and max-port, and see relay-ip; the log names errors of "
                    + "the system"
            default: "look up \(code) in Docs/operations.md, Troubleshooting"
            }
        return .fault("allocate-\(code)", "the server refuses an allocation with \(code)", cure: cure)
    }

    private func examine(_ relayed: IPAddress) -> [Finding] {
        guard SpecialPurposeAddresses.rules.contains(where: { $0.range.contains(relayed) }) else {
            return [.fine("external-address", "clients are told the relayed address \(relayed)")]
        }
        return [
            .fault(
                "private-relay-address", "clients are told \(relayed), which nobody on the Internet can reach",
                cure: "write external-ip=PUBLIC/\(relayed), or leave it if all clients and peers are in this network")
        ]
    }

    private func carry(
        between one: (client: ClientConnection, relayed: TransportAddress),
        and other: (client: ClientConnection, relayed: TransportAddress)
    ) throws(ClientError) -> [Finding] {
        for (client, peer) in [(one.client, other.relayed), (other.client, one.relayed)] {
            let response = try client.request(.createPermission(for: peer), withinMilliseconds: timeoutMilliseconds)
            guard response.isSuccess else {
                return [
                    .fault(
                        "peer-denied",
                        "the server does not let its clients reach each other (\(response.errorCode ?? 0))",
                        cure: "see which denied-peer-ip covers \(peer.ip): turnadmin policy check \(peer.ip)")
                ]
            }
        }
        var findings: [Finding] = []
        for (name, from, to) in [("out", one, other), ("back", other, one)] {
            let payload = Array("culvert doctor \(name)".utf8)
            try from.client.send(payload, to: to.relayed)
            findings.append(arrival(of: payload, at: to.client, name))
        }
        return findings
    }

    private func arrival(of payload: [UInt8], at client: ClientConnection, _ name: String) -> Finding {
        do throws(ClientError) {
            if case .indication(_, payload) = try client.receiveRelayed(withinMilliseconds: timeoutMilliseconds) {
                return .fine("relay-\(name)", "data comes through the relay, \(name)")
            }
        } catch {
            // Told below: what matters is that it did not come.
        }
        return .fault(
            "relay-lossy", "data does not come through the relay, \(name)",
            cure:
                "open UDP \(configuration.minPort)-\(configuration.maxPort) in the firewall; see relay-ip and external-ip"
        )
    }
}
