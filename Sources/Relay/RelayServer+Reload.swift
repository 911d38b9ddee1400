import Accounts
package import Configuration
import Database
import Logging
import Synchronization
import TURN
import Timing
import Transport

// Other settings for a server that runs. Whatever may fail comes first; from then on nothing can, so that a reload is made
// wholly or not at all. Each worker obeys between two turns of its loop, and no session ends.

extension RelayServer {
    /// What the server runs with.
    package var configuration: ServerConfiguration { running.withLock { $0.configuration } }

    /// Obeys another configuration, as far as that is possible without a restart. When it throws everything is as before.
    ///
    /// Certificates are read again. Sessions go on; permissions and channels for peers that are denied now end. Users and
    /// realms that are no more keep what they have opened.
    package func reload(_ new: ServerConfiguration) throws(ReloadError) -> ReloadReport {
        try running.withLock { running throws(ReloadError) in
            let old = running.configuration
            let change = ConfigurationChange(from: old, to: new)
            let effective = change.effective
            let contexts = try Self.contexts(effective)
            let database =
                effective.userDatabase == old.userDatabase ? running.database : try Self.database(effective)
            let (probe, watch) = try companions(for: effective, beside: running)
            // Nothing fails from here on.
            if effective.userDatabase != old.userDatabase { running.watch?.stop() }
            if effective.alternateServers != old.alternateServers {
                running.probe?.stop()
                running.probeEpoch += 1
                let servers = effective.alternateServers.map { AlternateServer($0) }
                for mailbox in mailboxes { mailbox.post(.sendClients(to: servers)) }
            }
            if effective.userDatabase != old.userDatabase { _ = running.readings.use(running.readings.begin()) }
            (running.configuration, running.database) = (effective, database)
            (running.probe, running.watch) = (probe, watch)
            for mailbox in mailboxes { mailbox.post(.use(contexts)) }
            control.use(contexts)
            Self.warn(of: contexts, effective, logger)
            tell(&running)
            return ReloadReport(changed: change.changed, awaitingRestart: change.awaitingRestart)
        }
    }

    /// Has workers and quotas follow what is running.
    func tell(_ running: inout Running) {
        let configuration = running.configuration
        resources.limit(to: RelayResources.Limits(configuration, running.database))
        var settings = fixture.engineSettings(configuration, running.database, running.added)
        if case .longTerm = settings.authentication { running.hasServed = true }
        if case .stunOnly = settings.authentication, running.hasServed {
            // Nobody can log in any more; who has a session has its key, and is still asked for it.
            settings.authentication = .longTerm(.init(realm: configuration.realm))
        }
        let worker = WorkerSettings(configuration, workers: fixture.workers)
        control.use(settings)
        for mailbox in mailboxes { mailbox.post(.obey(settings, worker)) }
    }

    // MARK: - Certificates

    /// The files that TLS is made of; empty when it is not spoken.
    package var certificateFiles: [String] { TLSSettings(configuration)?.files ?? [] }

    /// Reads certificate and key again, for connections that begin from now on. What cannot be used changes nothing.
    package func renewCertificate() {
        running.withLock { running in
            guard let tls = TLSSettings(running.configuration) else { return }
            do throws(ReloadError) {
                let contexts = try Self.contexts(running.configuration)
                for mailbox in mailboxes { mailbox.post(.use(contexts)) }
                control.use(contexts)
                Self.warn(of: contexts, running.configuration, logger)
                logger.info("certificate renewed", metadata: ["file": "\(tls.certificateFile)"])
            } catch {
                logger.error("certificate not renewed, the old one stays", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Tells of a certificate with which every DTLS handshake will fail.
    static func warn(of contexts: SecureContexts, _ configuration: ServerConfiguration, _ logger: Logger) {
        guard let certificate = contexts.dtls?.certificate, !certificate.servesDTLS else { return }
        logger.warning(
            "certificate of a kind that DTLS clients cannot use",
            metadata: ["file": "\(configuration.certificateFile ?? "")", "kind": "\(certificate.keyKind)"])
    }

    static func contexts(_ configuration: ServerConfiguration) throws(ReloadError) -> SecureContexts {
        guard let settings = TLSSettings(configuration) else { return SecureContexts() }
        do throws(TLSError) {
            return try SecureContexts(settings, tls: configuration.servesTLS, dtls: configuration.servesDTLS)
        } catch {
            throw ReloadError(error)
        }
    }

    /// What the user database holds. A file that is not there yet is as good as an empty one: `turnadmin` makes it.
    static func database(_ configuration: ServerConfiguration) throws(ReloadError) -> DatabaseSnapshot {
        guard let path = configuration.userDatabase, UserDatabase.exists(path) else { return DatabaseSnapshot() }
        do throws(DatabaseError) {
            return try UserDatabase(reading: path).snapshot(unixSeconds: SystemClock.moment().unixSeconds)
        } catch {
            throw ReloadError(error)
        }
    }
}
