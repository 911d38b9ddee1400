import Configuration
import Glibc

extension Doctor {
    /// The file: what the server says of it, who may read it, and whether its numbers go together.
    func examineConfiguration() -> [Finding] {
        var findings = loaded.problems.compactMap { problem -> Finding? in
            switch problem.severity {
            case .note: nil
            case .warning: .warning("configuration", "\(problem)", cure: "change it there, or leave it if it is meant")
            case .error: .fault("configuration", "\(problem)", cure: "change it there; the server does not start so")
            }
        }
        guard loaded.isUsable else { return findings + examineRights() }
        findings.append(.fine("configuration", "\(loaded.file ?? "the defaults"): the server starts with it"))
        return findings + examineRights() + examineAccess() + examineRange()
    }

    private func examineRights() -> [Finding] {
        guard let file = loaded.file else { return [] }
        var status = stat()
        guard unsafe stat(file, &status) == 0, status.st_mode & 0o004 != 0 else { return [] }
        return [
            .fault(
                "configuration-readable-by-all", "every user of this machine can read \(file), which holds secrets",
                cure: "chmod 640 \(file), with the group of the server's user")
        ]
    }

    private func examineAccess() -> [Finding] {
        switch configuration.relayAccess {
        case .credentials: []
        case .open:
            [
                .warning(
                    "open-relay", "anybody may relay through this server", cure: "take no-auth out, and write a user")
            ]
        case .nobody:
            configuration.stunOnly
                ? []
                : [
                    .fault(
                        "no-credentials", "there are no credentials, so nobody may relay",
                        cure: "write user=NAME:PASSWORD or static-auth-secret, and realm")
                ]
        }
    }

    private func examineRange() -> [Finding] {
        let ports = Int(configuration.maxPort) - Int(configuration.minPort) + 1
        let total = configuration.totalQuota
        guard configuration.relayAccess != .nobody, total > 0, ports < total, loaded.written["total-quota"] != nil
        else {
            return []
        }
        return [
            .fault(
                "few-relay-ports", "\(ports) relay ports on an address cannot hold total-quota=\(total) allocations",
                cure: "widen min-port and max-port, or lower total-quota to \(ports)")
        ]
    }
}
