import CLinux
import Glibc

/// The signals that steer the process, read like any other input. The main thread makes this before it starts others,
/// which inherit that the signals do not interrupt them.
package struct Signals: ~Copyable {
    /// A signal the process acts upon.
    package enum Signal: Sendable, Hashable, CaseIterable {
        /// SIGTERM: end in good order.
        case terminate
        /// SIGINT: the same, from a terminal.
        case interrupt
        /// SIGHUP: read the configuration again, and open the log file again.
        case hangUp
        /// SIGUSR1: make no new allocations, and end with the last one.
        case user1
        /// SIGUSR2: read the certificate again.
        case user2

        var number: CInt {
            switch self {
            case .terminate: SIGTERM
            case .interrupt: SIGINT
            case .hangUp: SIGHUP
            case .user1: SIGUSR1
            case .user2: SIGUSR2
            }
        }
    }

    /// What the main thread watches for reading.
    package let descriptor: CInt

    /// Blocks the signals in this thread and in those it will start. SIGPIPE is blocked too and never reported: writing
    /// to a closed connection is an error of that connection.
    package init() throws(SystemError) {
        var reported = sigset_t()
        unsafe sigemptyset(&reported)
        for signal in Signal.allCases { unsafe sigaddset(&reported, signal.number) }
        var blocked = reported
        unsafe sigaddset(&blocked, SIGPIPE)
        let code = unsafe pthread_sigmask(SIG_BLOCK, &blocked, nil)
        guard code == 0 else { throw SystemError("pthread_sigmask", code: code) }
        descriptor = try checked("signalfd", unsafe signalfd(-1, &reported, CInt(SFD_NONBLOCK | SFD_CLOEXEC)))
    }

    deinit {
        _ = close(descriptor)
    }

    /// The next signal that came; nil when there is none.
    package func next() -> Signal? {
        var info = signalfd_siginfo()
        let size = MemoryLayout<signalfd_siginfo>.size
        guard unsafe read(descriptor, &info, size) == size else { return nil }
        return Signal.allCases.first { $0.number == CInt(truncatingIfNeeded: info.ssi_signo) }
    }
}
