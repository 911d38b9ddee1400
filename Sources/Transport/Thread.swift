import CLinux
import Glibc

/// A thread of the operating system. What runs on it makes everything it needs there, and talks to others through a
/// `Mailbox`. A thread that is not joined goes on by itself.
package struct Thread: ~Copyable {
    private let handle: pthread_t

    /// What a new thread is to do.
    private final class Work: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }

    private init(handle: pthread_t) {
        self.handle = handle
    }

    deinit {
        pthread_detach(handle)
    }

    /// Starts a thread. `ps` and debuggers show the first 15 bytes of its name.
    package static func spawn(name: String, _ body: @escaping @Sendable () -> Void) throws(SystemError) -> Thread {
        let work = unsafe Unmanaged.passRetained(Work(name: name, body: body))
        var handle = pthread_t()
        let code = unsafe pthread_create(
            &handle, nil,
            { argument in
                if let argument = unsafe argument {
                    let work = unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue()
                    _ = unsafe clinux_set_thread_name(String(decoding: work.name.utf8.prefix(15), as: UTF8.self))
                    work.body()
                }
                return nil
            }, work.toOpaque())
        guard code == 0 else {
            unsafe work.release()
            throw SystemError("pthread_create", code: code)
        }
        return Thread(handle: handle)
    }

    /// Waits until the thread has done its work.
    package consuming func join() {
        pthread_join(handle, nil)
        discard self
    }

    /// Keeps the calling thread on one processor, counted from 0.
    package static func pinCurrent(toProcessor processor: Int) throws(SystemError) {
        let code = clinux_pin_thread(CInt(clamping: processor))
        guard code == 0 else { throw SystemError("pthread_setaffinity_np", code: code) }
    }

    /// Lets the calling thread's waits end on time; the kernel otherwise adds 50 us to gather wake-ups.
    package static func sharpenTimers() throws(SystemError) {
        try checked("prctl", clinux_set_timer_slack(1))
    }
}
