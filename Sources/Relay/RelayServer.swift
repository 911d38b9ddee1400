package import Addressing
package import Configuration
import Glibc
package import Logging
import TURN
import Timing
import Transport

/// The whole server: listeners bound, workers running, until told to stop.
package final class RelayServer: Sendable {
    /// Why the server cannot start.
    package struct StartError: Error, CustomStringConvertible {
        package let description: String
    }

    private let mailboxes: [Mailbox<WorkerCommand>]
    private let parts: [WorkerParts]
    private let finished: Mailbox<WorkerEnd>
    private let tls: TLSSettings?
    private let configuration: ServerConfiguration
    private let logger: Logger

    /// How a worker came to its end.
    package enum WorkerEnd: Sendable {
        /// It was told to stop.
        case stopped
        /// It could not start, or not go on. What the kernel sends to its listeners is lost.
        case failed
    }

    /// Ends the probe of alternate servers; nil where there are none.
    private let probeStop: Mailbox<Void>?
    /// Where clients can reach the server.
    package let listeningAddresses: [TransportAddress]

    /// Binds every listener. Nobody is served before `start`, so that what needs the rights of root can be done between
    /// the two, and the rights be given up.
    ///
    /// - Parameter software: SOFTWARE, sent if the configuration asks for it.
    package init(_ configuration: ServerConfiguration, software: String, logger: Logger) throws(StartError) {
        let interfaces: [InterfaceAddress]
        do throws(SystemError) {
            interfaces = try InterfaceAddress.all()
        } catch {
            throw StartError(description: "cannot list the addresses of this machine: \(error)")
        }
        let addressing = RelayAddressing(configuration, interfaces: interfaces)
        let count = configuration.workerCount(detectedCPUs: Int(sysconf(CInt(_SC_NPROCESSORS_ONLN))))
        var settings = EngineSettings(configuration, addressing, software: Array(software.utf8))
        settings.shareErrorReplies(among: count)
        let resources = RelayResources(
            addresses: addressing.relays, ports: configuration.minPort...configuration.maxPort,
            limits: RelayResources.Limits(userQuota: configuration.userQuota, totalQuota: configuration.totalQuota))
        tls = TLSSettings(configuration)
        self.configuration = configuration
        let contexts = try Self.contexts(tls, configuration)
        self.logger = logger
        let binder = ListenerBinder(configuration, addressing)
        let listeners = try binder.bind(workers: count)
        listeningAddresses = binder.addresses(of: listeners)
        do throws(SystemError) {
            finished = try Mailbox()
            var mailboxes: [Mailbox<WorkerCommand>] = []
            for _ in 0..<count { mailboxes.append(try Mailbox()) }
            self.mailboxes = mailboxes
            probeStop = settings.alternateServers.isEmpty ? nil : try Mailbox()
        } catch {
            throw StartError(description: "cannot make a mailbox: \(error)")
        }
        let (worker, mailboxes) = (WorkerSettings(configuration, workers: count), mailboxes)
        parts = listeners.indices.map { index in
            WorkerParts(
                engine: settings, worker: worker, resources: resources, contexts: contexts, listeners: listeners[index],
                workers: mailboxes, logger: logger)
        }
        try startProbe(settings.alternateServers)
        for relay in addressing.relays {
            logger.info("relaying", metadata: ["address": "\(relay.bound)", "advertised": "\(relay.advertised)"])
        }
        for address in listeningAddresses { logger.info("listening", metadata: ["address": "\(address)"]) }
        if case .stunOnly = settings.authentication {
            logger.warning("no credentials are configured: answering STUN Binding only, relaying nothing")
        }
    }

    /// What one worker is made of, handed to its thread.
    private struct WorkerParts: Sendable {
        let engine: EngineSettings
        let worker: WorkerSettings
        let resources: RelayResources
        let contexts: SecureContexts
        let listeners: WorkerListeners
        let workers: [Mailbox<WorkerCommand>]
        let logger: Logger
    }

    /// Starts the workers.
    package func start() throws(StartError) {
        for (index, parts) in parts.enumerated() { try Self.start(index, parts, finished) }
    }

    private static func start(_ index: Int, _ parts: WorkerParts, _ finished: Mailbox<WorkerEnd>) throws(StartError) {
        do throws(SystemError) {
            _ = try Thread.spawn(name: "worker \(index)") {
                do throws(SystemError) {
                    var worker = try Worker(
                        engine: parts.engine, worker: parts.worker, resources: parts.resources,
                        contexts: parts.contexts, listeners: parts.listeners, workers: parts.workers,
                        index: index, journal: Journal(parts.logger, worker: index))
                    try worker.run()
                    finished.post(.stopped)
                } catch {
                    // As long as they are open the kernel sends clients to them, and nobody would hear those.
                    parts.listeners.close()
                    parts.logger.critical("worker failed", metadata: ["worker": "\(index)", "error": "\(error)"])
                    finished.post(.failed)
                }
            }
        } catch {
            throw StartError(description: "cannot start a thread: \(error)")
        }
    }

    private static func contexts(
        _ settings: TLSSettings?, _ configuration: ServerConfiguration
    ) throws(StartError) -> SecureContexts {
        guard let settings else { return SecureContexts() }
        do throws(TLSError) {
            return try SecureContexts(settings, tls: configuration.servesTLS, dtls: configuration.servesDTLS)
        } catch {
            throw StartError(description: "\(error)")
        }
    }

    /// The files that TLS is made of; empty when it is not spoken.
    package var certificateFiles: [String] { tls?.files ?? [] }

    /// Reads certificate and key again, for connections that begin from now on. What cannot be used changes nothing.
    package func renewCertificate() {
        guard let tls else { return }
        do throws(TLSError) {
            let contexts = try SecureContexts(tls, tls: configuration.servesTLS, dtls: configuration.servesDTLS)
            for mailbox in mailboxes { mailbox.post(.use(contexts)) }
            logger.info("certificate renewed", metadata: ["file": "\(tls.certificateFile)"])
        } catch {
            logger.error("certificate not renewed, the old one stays", metadata: ["error": "\(error)"])
        }
    }

    private func startProbe(_ servers: [AlternateServer]) throws(StartError) {
        guard let probeStop else { return }
        let (mailboxes, logger) = (mailboxes, logger)
        do throws(SystemError) {
            _ = try Thread.spawn(name: "probe") {
                do throws(SystemError) {
                    var probe = try AlternateServerProbe(
                        servers, workers: mailboxes, stop: probeStop, logger: logger)
                    try probe.run()
                } catch {
                    logger.error("alternate servers are not watched", metadata: ["error": "\(error)"])
                }
            }
        } catch {
            throw StartError(description: "cannot start a thread: \(error)")
        }
    }

    /// Tells the workers to end every allocation and stop.
    package func stop() {
        probeStop?.post(())
        for mailbox in mailboxes { mailbox.post(.stop) }
    }

    /// Asks every worker whether it still answers.
    package func callRoll() -> RollCall {
        let roll = RollCall(workers: mailboxes.count)
        for mailbox in mailboxes { mailbox.post(.callRoll(roll)) }
        return roll
    }

    /// Readable when workers have finished; ask `drainFinished` how many.
    package var finishedDescriptor: CInt { finished.descriptor }

    /// How many workers there are.
    package var workerCount: Int { mailboxes.count }

    /// The ends of the workers that have finished since the last call.
    package func drainFinished() -> [WorkerEnd] { finished.drain() }
}
