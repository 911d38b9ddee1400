import Glibc
import Logging
import Relay
import Timing
import Transport

/// What systemd, or whatever started the process and set NOTIFY_SOCKET, hears of it: ready, reloading, stopping, and a
/// sign of life as often as WATCHDOG_USEC asks for one. Without NOTIFY_SOCKET nothing is told to nobody.
struct ServiceManager: ~Copyable {
    private let notifier: ServiceNotifier?
    private var watchdog: Watchdog?
    private let logger: Logger

    /// Looks for a service manager in the environment.
    init(logger: Logger) throws(DaemonError) {
        self.logger = logger
        guard let socket = Self.variable("NOTIFY_SOCKET") else {
            notifier = nil
            return
        }
        notifier = try ServiceNotifier(socket: socket)
        watchdog = Self.watchdogMicroseconds().map { Watchdog(microseconds: $0, start: SystemClock.instant()) }
    }

    /// How long to wait at most before the next call of `showLife`; -1 for as long as may be.
    var intervalMilliseconds: Int {
        watchdog?.waitMilliseconds(now: SystemClock.instant()) ?? -1
    }

    /// Tells that everything is bound and served, at the start and after each reload.
    func ready() { tell(.ready) }

    /// Tells that a reload begins.
    func reloading() { tell(.reloading(monotonicMicroseconds: SystemClock.instant().nanoseconds / 1000)) }

    /// Tells that the end has begun. The watchdog of systemd does not watch it.
    mutating func stopping() {
        watchdog = nil
        tell(.stopping)
    }

    /// Gives a sign of life when it is due and all workers have answered since the last one.
    mutating func showLife(of server: RelayServer) {
        guard watchdog?.isDue(now: SystemClock.instant(), callRoll: server.callRoll) == true else { return }
        tell(.alive)
    }

    private func tell(_ state: ServiceNotifier.State) {
        guard notifier != nil else { return }
        do throws(SystemError) {
            try notifier?.tell(state)
        } catch {
            logger.warning("cannot notify the service manager", metadata: ["error": "\(error)"])
        }
    }

    /// What WATCHDOG_USEC says, if WATCHDOG_PID does not say that it is meant for another process.
    private static func watchdogMicroseconds() -> UInt64? {
        if let owner = variable("WATCHDOG_PID"), owner != "\(getpid())" { return nil }
        return variable("WATCHDOG_USEC").flatMap { UInt64($0) }.flatMap { $0 > 0 ? $0 : nil }
    }

    private static func variable(_ name: String) -> String? {
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }
}
