import Glibc
import Synchronization
import Transport

/// Runs all tasks of the admin interface, one after the other, on one thread that yields to the relay threads and ends with
/// the process: however much is asked here, Swift's thread pool stays out of the process and packets go first.
final class AdminExecutor: TaskExecutor {
    private let queue = Mutex<[UnownedJob]>([])
    private let bell: WakeUp

    /// How much nicer the admin threads are than those that relay.
    static let niceness: CInt = 10

    init() throws(SystemError) {
        bell = try WakeUp()
        _ = try Thread.spawn(name: "admin") { [self] in run() }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.withLock { $0.append(job) }
        bell.ring()
    }

    /// Lets the calling thread yield to others of the process.
    static func yieldToRelay() {
        // On Linux this is about the calling thread. It may not be allowed to, and then is no worse than others.
        _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness)
    }

    private func run() {
        Self.yieldToRelay()
        while true {
            waitForBell()
            let jobs = queue.withLock { queue in
                let jobs = queue
                queue = []
                return jobs
            }
            for job in jobs { unsafe job.runSynchronously(on: asUnownedTaskExecutor()) }
        }
    }

    private func waitForBell() {
        var event = pollfd(fd: bell.descriptor, events: Int16(POLLIN), revents: 0)
        _ = unsafe poll(&event, 1, -1)
        bell.silence()
    }
}
