import Addressing
import Configuration
import Logging
import Synchronization
import TURN
import Transport

// The threads beside the workers.

extension RelayServer {
    /// The companions that another configuration needs: those that run where nothing about them changes, new ones
    /// otherwise. When one cannot be started none is.
    func companions(
        for new: ServerConfiguration, beside running: Running
    ) throws(ReloadError) -> (probe: Companion?, watch: Companion?) {
        let old = running.configuration
        var started: Companion?
        do throws(SystemError) {
            if new.alternateServers != old.alternateServers {
                started = try probe(new, epoch: running.probeEpoch + 1)
            }
            let watch = new.userDatabase == old.userDatabase ? running.watch : try watch(new)
            return (new.alternateServers == old.alternateServers ? running.probe : started, watch)
        } catch {
            started?.stop()
            throw ReloadError("cannot start a thread: \(error)")
        }
    }

    /// The thread that asks the alternate servers whether they are there.
    func probe(_ configuration: ServerConfiguration, epoch: UInt64) throws(SystemError) -> Companion? {
        let servers = configuration.alternateServers.map { AlternateServer($0) }
        guard !servers.isEmpty else { return nil }
        return try Companion("probe", logger: logger) { [self] stop throws(SystemError) in
            var probe = try AlternateServerProbe(servers, stop: stop) { [self] in sendClients(to: $0, in: epoch) }
            try probe.run()
        }
    }

    /// Has the workers send clients to the servers that a probe found alive, if it is the one that is listened to.
    func sendClients(to live: [AlternateServer], in epoch: UInt64) {
        running.withLock { running in
            guard running.probeEpoch == epoch else { return }
            for mailbox in mailboxes { mailbox.post(.sendClients(to: live)) }
            let addresses = live.map(\.address.description).joined(separator: ",")
            logger.notice("alternate servers alive", metadata: ["addresses": "\(addresses)"])
        }
    }

    /// The thread that reads the user database.
    func watch(_ configuration: ServerConfiguration) throws(SystemError) -> Companion? {
        guard let path = configuration.userDatabase else { return nil }
        return try Companion("database", logger: logger) { [self] stop throws(SystemError) in
            var watch = DatabaseWatch(
                path, stop: stop, logger: logger, begin: { [self] in running.withLock { $0.readings.begin() } },
                publish: { [self] in adopt($0, of: $1, from: path) })
            try watch.run()
        }
    }
}
