import Glibc
import Synchronization
import Transport

/// Runs all tasks of the admin interface, one after the other, on one thread that yields to the relay threads: however
/// much is asked here, Swift's thread pool stays out of the process and packets go first.
final class AdminExecutor: TaskExecutor {
    private struct Queue: ~Copyable {
        var jobs: [UnownedJob] = []
        var isStopping = false
    }

    private let queue = Mutex(Queue())
    private let bell: WakeUp

    /// How much nicer the admin threads are than those that relay.
    static let niceness: CInt = 10

    init() throws(SystemError) {
        bell = try WakeUp()
        _ = try Thread.spawn(name: "admin") { [self] in run() }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.withLock { $0.jobs.append(job) }
        bell.ring()
    }

    /// Ends the thread after what is queued; nothing may be enqueued afterwards.
    func stop() {
        queue.withLock { $0.isStopping = true }
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
            let (jobs, isStopping) = queue.withLock { queue in
                let jobs = queue.jobs
                queue.jobs = []
                return (jobs, queue.isStopping)
            }
            for job in jobs { unsafe job.runSynchronously(on: asUnownedTaskExecutor()) }
            if isStopping, jobs.isEmpty { return }
        }
    }

    private func waitForBell() {
        var event = pollfd(fd: bell.descriptor, events: Int16(POLLIN), revents: 0)
        let isStopping = queue.withLock { $0.isStopping }
        _ = unsafe poll(&event, 1, isStopping ? 0 : -1)
        bell.silence()
    }
}
