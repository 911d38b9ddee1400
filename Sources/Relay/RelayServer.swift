package import Addressing
package import Configuration
import Database
import Glibc
package import Logging
package import Offload
import Synchronization
import TURN
import Timing
import Transport

/// The whole server: listeners bound, workers running, until told to stop.
package final class RelayServer: Sendable {
    /// Why the server cannot start.
    package struct StartError: Error, CustomStringConvertible {
        package let description: String
    }

    let mailboxes: [Mailbox<WorkerCommand>]
    private let parts: [WorkerParts]
    private let finished: Mailbox<WorkerEnd>
    /// What a reload leaves alone.
    let fixture: Fixture
    /// What a reload changes, and who looks after it.
    let running: Mutex<Running>
    /// Ports, quotas and reservations, shared by all workers.
    let resources: RelayResources
    let logger: Logger

    /// How a worker came to its end.
    package enum WorkerEnd: Sendable {
        /// It was told to stop.
        case stopped
        /// It could not start, or not go on. What the kernel sends to its listeners is lost.
        case failed
    }

    /// What operators ask and do while the server runs.
    package let control: RelayControl
    /// Where clients can reach the server.
    package let listeningAddresses: [TransportAddress]

    /// Binds every listener. Nobody is served before `start`, so that what needs the rights of root can be done between
    /// the two, and the rights be given up.
    ///
    /// - Parameters:
    ///   - software: SOFTWARE, sent if the configuration asks for it.
    ///   - offload: the relay in the kernel, if there is one.
    package init(
        _ configuration: ServerConfiguration, software: String, logger: Logger, offload: KernelRelay? = nil
    ) throws(StartError) {
        let interfaces: [InterfaceAddress]
        do throws(SystemError) {
            interfaces = try InterfaceAddress.all()
        } catch {
            throw StartError(description: "cannot list the addresses of this machine: \(error)")
        }
        let addressing = RelayAddressing(configuration, interfaces: interfaces)
        if let address = addressing.ambiguous {
            throw StartError(description: "external-ip: \(address) stands for several relay addresses; give relay-ip")
        }
        let count = configuration.workerCount(detectedCPUs: Int(sysconf(CInt(_SC_NPROCESSORS_ONLN))))
        let database: DatabaseSnapshot
        let contexts: SecureContexts
        do throws(ReloadError) {
            (database, contexts) = (try Self.database(configuration), try Self.contexts(configuration))
        } catch {
            throw StartError(description: error.description)
        }
        fixture = Fixture(addressing: addressing, software: Array(software.utf8), workers: count)
        running = Mutex(Running(configuration, database))
        let settings = fixture.engineSettings(configuration, database, AddedAccounts())
        let resources = RelayResources(
            addresses: addressing.relays, ports: configuration.minPort...configuration.maxPort,
            limits: RelayResources.Limits(configuration, database))
        self.resources = resources
        self.logger = logger
        let binder = ListenerBinder(configuration, addressing)
        let listeners = try binder.bind(workers: count)
        listeningAddresses = binder.addresses(of: listeners)
        do throws(SystemError) {
            finished = try Mailbox()
            var mailboxes: [Mailbox<WorkerCommand>] = []
            for _ in 0..<count { mailboxes.append(try Mailbox()) }
            self.mailboxes = mailboxes
            control = try RelayControl(workers: mailboxes, resources: resources, settings: settings)
        } catch {
            throw StartError(description: "cannot make a mailbox: \(error)")
        }
        control.use(contexts)
        Self.warn(of: contexts, configuration, logger)
        let (worker, mailboxes) = (WorkerSettings(configuration, workers: count), mailboxes)
        parts = listeners.indices.map { index in
            WorkerParts(
                engine: settings, worker: worker, resources: resources, contexts: contexts, listeners: listeners[index],
                workers: mailboxes, logger: logger, offload: offload)
        }
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
        let offload: KernelRelay?
    }

    /// Starts the workers, and the threads beside them.
    package func start() throws(StartError) {
        for (index, parts) in parts.enumerated() { try Self.start(index, parts, finished) }
        do throws(SystemError) {
            try running.withLock { running throws(SystemError) in
                running.probe = try probe(running.configuration, epoch: running.probeEpoch)
                running.watch = try watch(running.configuration)
            }
        } catch {
            throw StartError(description: "cannot start a thread: \(error)")
        }
    }

    private static func start(_ index: Int, _ parts: WorkerParts, _ finished: Mailbox<WorkerEnd>) throws(StartError) {
        do throws(SystemError) {
            _ = try Thread.spawn(name: "worker \(index)") {
                do throws(SystemError) {
                    var worker = try Worker(
                        engine: parts.engine, worker: parts.worker, resources: parts.resources,
                        contexts: parts.contexts, listeners: parts.listeners, workers: parts.workers,
                        index: index, journal: Journal(parts.logger, worker: index), offload: parts.offload)
                    try worker.run()
                    parts.workers[index].close()
                    finished.post(.stopped)
                } catch {
                    // As long as they are open the kernel sends clients to them, and nobody would hear those.
                    parts.listeners.close()
                    parts.workers[index].close()
                    parts.logger.critical("worker failed", metadata: ["worker": "\(index)", "error": "\(error)"])
                    finished.post(.failed)
                }
            }
        } catch {
            throw StartError(description: "cannot start a thread: \(error)")
        }
    }

    /// Tells the workers to end every allocation and stop.
    package func stop() {
        control.stop()
        // First, because a reload that reads a slow database holds the lock.
        for mailbox in mailboxes { mailbox.post(.stop) }
        running.withLock { running in
            running.probe?.stop()
            running.watch?.stop()
        }
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
