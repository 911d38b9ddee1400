import Addressing
import Configuration
import Database
import Glibc
import Hummingbird
package import Logging
import NIOCore
import NIOPosix
import Relay
import Timing
import Transport

/// The admin interface: HTTP with JSON on a Unix socket and, if asked for, on a TCP address; metrics for Prometheus.
///
/// It lives on two threads of its own, which yield to those that relay. Whatever goes wrong here is told in the log and
/// changes nothing for clients.
package final class AdminServer: Sendable {
    private let group: MultiThreadedEventLoopGroup
    /// What runs until the process ends.
    private let tasks: [Task<Void, Never>]
    /// The Unix socket, and which file it is; nil where there is none.
    private let socket: (path: String, identity: FileIdentity)?

    /// How long `start` waits for the sockets.
    private static let patienceMilliseconds: CInt = 3000

    /// Binds the sockets and begins to answer. Returns when they are bound, so that rights can be given up afterwards;
    /// what cannot be bound is told in the log. Nil when nothing at all is to be heard.
    ///
    /// - Parameter owner: the user and the group that the socket is to belong to, where those are not the process's own.
    package static func start(
        _ administration: Administration, owner: SocketOwner? = nil, logger: Logger
    ) -> AdminServer? {
        do {
            let settings = try AdminSettings(administration.configuration, owner: owner, logger: logger)
            let listeners = settings.listeners(administration)
            guard !listeners.isEmpty else { return nil }
            return try AdminServer(
                listeners, administration, socketPath: settings.socketPath, owner: owner, logger: logger)
        } catch {
            logger.error("no admin interface", metadata: ["error": "\(error)"])
            return nil
        }
    }

    private init(
        _ listeners: [AdminListener], _ administration: Administration, socketPath: String?,
        owner: SocketOwner?, logger: Logger
    ) throws(SystemError) {
        let (executor, started) = (try AdminExecutor(), try Mailbox<Start>())
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        _ = group.next().submit { AdminExecutor.yieldToRelay() }
        // The socket must never be there for others, not even for the moment until its mode could be changed. Nobody else
        // makes files now: this thread waits until the sockets are bound.
        let mask = umask(0o177)
        defer { umask(mask) }
        tasks =
            listeners.map { listener in
                Task(executorPreference: executor) {
                    do {
                        try await listener.run(on: group) {
                            logger.info("admin interface", metadata: ["address": "\(listener.name)"])
                            started.post(Start(name: listener.name, isBound: true))
                        }
                    } catch is CancellationError {
                    } catch {
                        logger.error(
                            "no admin interface", metadata: ["address": "\(listener.name)", "error": "\(error)"])
                        started.post(Start(name: listener.name, isBound: false))
                    }
                }
            } + [Self.upkeep(administration, executor)]
        self.group = group
        let bound = Self.wait(for: listeners.count, at: started)
        socket = socketPath.flatMap { path in
            bound.contains(path) ? FileIdentity(path).map { (path, $0) } : nil
        }
        if let socket, let owner { _ = unsafe chown(socket.path, owner.user, owner.group) }
    }

    /// What must be done every now and then: secrets whose time is over are let go.
    private static func upkeep(_ administration: Administration, _ executor: AdminExecutor) -> Task<Void, Never> {
        Task(executorPreference: executor) {
            while (try? await Task.sleep(for: .seconds(1))) != nil {
                administration.server.expireSecrets(unixSeconds: SystemClock.moment().unixSeconds)
            }
        }
    }

    /// Gives the socket back, at the end of the process, unless another server has put its own in the place. What is under way ends with the process: its connections close,
    /// and NIO traps when they are ended from outside.
    package func stop() {
        if let socket, FileIdentity(socket.path) == socket.identity { _ = unsafe unlink(socket.path) }
        _ = unsafe Unmanaged.passRetained(self)
    }

    /// How the start of a listener went.
    private struct Start: Sendable {
        let name: String
        let isBound: Bool
    }

    /// Waits until so many listeners are bound or have failed, and gives the names of those that are bound.
    private static func wait(for count: Int, at mailbox: Mailbox<Start>) -> [String] {
        var starts: [Start] = []
        let end = SystemClock.instant().adding(milliseconds: UInt32(patienceMilliseconds))
        while starts.count < count {
            let left = end.nanoseconds(since: SystemClock.instant()) / 1_000_000
            guard left > 0 else { break }
            var event = pollfd(fd: mailbox.descriptor, events: Int16(POLLIN), revents: 0)
            _ = unsafe poll(&event, 1, CInt(clamping: left))
            starts += mailbox.drain()
        }
        return starts.filter(\.isBound).map(\.name)
    }
}
