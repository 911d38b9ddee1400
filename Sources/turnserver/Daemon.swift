import Admin
import Configuration
import Glibc
import Logging
import Logs
import Relay
import Transport

/// The life of the server process: log, sockets, rights, signals, end.
struct Daemon: ~Copyable {
    private let server: RelayServer
    private let reloader: Reloader
    private let signals: Signals
    private let log: LogWriter
    private let logger: Logger
    private var manager: ServiceManager
    private var certificates: FileWatch
    private var runningWorkers: Int
    private var hasFailed = false
    private var isDraining = false

    private enum Source: UInt8 {
        case signal
        case worker
        case drain
    }

    /// Runs the server until a signal ends it. The arguments of the program lead to the configuration when it is read again.
    static func run(_ loaded: LoadedConfiguration, arguments: [String]) throws(DaemonError) {
        // Signals first: threads inherit what is blocked.
        let signals = try attempt("cannot watch for signals") { () throws(SystemError) in try Signals() }
        // While there is one thread only: others would keep the rights that this gives up.
        let offload = OffloadStart(loaded.configuration)
        let log = try openLog(loaded.configuration)
        let logger = Logger(label: "turnserver") { QueuedLogHandler(label: $0, writer: log) }
        defer { log.close() }
        let manager = try ServiceManager(logger: logger)
        let server = try bind(loaded, offload, logger)
        // Written as root, like everything that is opened: the usual folder is not for everybody.
        let pidFile = try loaded.configuration.pidFile.map { path throws(DaemonError) in try PIDFile(path: path) }
        defer { pidFile?.remove() }
        let reloader = Reloader(arguments: arguments, server: server, log: log, logger: logger)
        let admin = AdminServer.start(
            Administration(server, reloader: reloader, log: log),
            owner: try ProcessRights.socketOwner(
                user: loaded.configuration.procUser, group: loaded.configuration.procGroup), logger: logger)
        defer { admin?.stop() }
        try ProcessRights.drop(toUser: loaded.configuration.procUser, group: loaded.configuration.procGroup)
        do throws(RelayServer.StartError) {
            try server.start()
        } catch {
            throw DaemonError(description: error.description)
        }
        var daemon = Daemon(
            server: server, reloader: reloader, signals: signals, log: log, logger: logger, manager: manager)
        try daemon.serve()
        logger.info("stopped")
        if daemon.hasFailed { throw DaemonError(description: "a worker failed; the log says why") }
    }

    private init(
        server: RelayServer, reloader: Reloader, signals: consuming Signals, log: LogWriter, logger: Logger,
        manager: consuming ServiceManager
    ) {
        self.server = server
        self.reloader = reloader
        certificates = FileWatch(server.certificateFiles)
        self.signals = signals
        self.log = log
        self.logger = logger
        self.manager = manager
        runningWorkers = server.workerCount
    }

    private static func bind(
        _ loaded: LoadedConfiguration, _ offload: OffloadStart, _ logger: Logger
    ) throws(DaemonError) -> RelayServer {
        let configuration = loaded.configuration
        logger.info("starting", metadata: ["version": "\(Version.number)", "file": "\(loaded.file ?? "none")"])
        logger.report(loaded.problems)
        offload.report(to: logger)
        do throws(SystemError) {
            _ = try FileDescriptorLimit.raise()
        } catch {
            logger.warning("cannot raise the limit of open files", metadata: ["error": "\(error)"])
        }
        let server: RelayServer
        do throws(RelayServer.StartError) {
            server = try RelayServer(configuration, software: Version.text, logger: logger, offload: offload.relay)
        } catch {
            throw DaemonError(description: error.description)
        }
        return server
    }

    private mutating func serve() throws(DaemonError) {
        var epoll = try Self.attempt("cannot wait for events") { () throws(SystemError) in try Epoll() }
        do throws(SystemError) {
            try epoll.add(signals.descriptor, .read, token: EventToken(kind: Source.signal.rawValue))
            try epoll.add(server.finishedDescriptor, .read, token: EventToken(kind: Source.worker.rawValue))
            try epoll.add(server.control.drainDescriptor, .read, token: EventToken(kind: Source.drain.rawValue))
            manager.ready()
            while runningWorkers > 0 {
                for index in 0..<(try epoll.wait(timeoutMilliseconds: intervalMilliseconds)) {
                    switch Source(rawValue: epoll.event(index).token.kind) {
                    case .signal: obeySignals()
                    case .worker: countFinished()
                    case .drain, nil: break
                    }
                }
                followDrain()
                certificates.follow(server.certificateFiles)
                if certificates.haveChanged() { server.renewCertificate() }
                manager.showLife(of: server)
            }
        } catch {
            throw DaemonError(description: "cannot wait for events: \(error)")
        }
    }

    /// How long to wait for events, -1 for as long as may be: a drain may be over at any time.
    private var intervalMilliseconds: Int {
        let drain = isDraining ? Self.drainIntervalMilliseconds : -1
        return [drain, certificates.intervalMilliseconds, manager.intervalMilliseconds].filter { $0 >= 0 }.min() ?? -1
    }

    private static var drainIntervalMilliseconds: Int { 200 }

    /// Ends the server when a drain has nothing more to wait for.
    private mutating func followDrain() {
        let (isUnderWay, isOver) = server.control.drainProgress(now: SystemClock.instant())
        if isDraining != isUnderWay {
            logger.notice(
                isUnderWay ? "draining: no new sessions" : "no longer draining",
                metadata: ["sessions": "\(server.control.sessionCount)"])
        }
        isDraining = isUnderWay
        guard isOver, !server.control.isStopping else { return }
        logger.notice("drained, stopping", metadata: ["sessions": "\(server.control.sessionCount)"])
        stop()
    }

    /// One worker less is the end of all: the kernel would go on sending clients to it.
    private mutating func countFinished() {
        let ends = server.drainFinished()
        runningWorkers -= ends.count
        guard !hasFailed, ends.contains(.failed) else { return }
        hasFailed = true
        stop()
    }

    private mutating func stop() {
        manager.stopping()
        server.stop()
    }

    private mutating func obeySignals() {
        while let signal = signals.next() {
            switch signal {
            case .terminate, .interrupt:
                logger.info("stopping")
                stop()
            case .hangUp:
                manager.reloading()
                logger.info("reopening log")
                log.reopen()
                reloader.reload()
                manager.ready()
            case .user2:
                server.renewCertificate()
            case .user1:
                server.control.drain(now: SystemClock.moment(), deadlineSeconds: nil)
            }
        }
    }

    // MARK: - Start

    private static func openLog(_ configuration: ServerConfiguration) throws(DaemonError) -> LogWriter {
        do throws(LogError) {
            return try LogWriter(
                to: Logs.LogDestination(configuration),
                format: configuration.logFormat == .json ? .json : .logfmt,
                level: Logger.Level(configuration.logLevel))
        } catch {
            throw DaemonError(description: "\(error)")
        }
    }

    private static func attempt<Result: ~Copyable>(
        _ what: String, _ body: () throws(SystemError) -> Result
    ) throws(DaemonError) -> Result {
        do throws(SystemError) {
            return try body()
        } catch {
            throw DaemonError(description: "\(what): \(error)")
        }
    }
}
