import Foundation
import Glibc

/// Waits for a file to be written to.
final class FileChanges {
    private let descriptor: CInt

    /// Notices what is written to the file at `path` from now on.
    init(_ path: String) throws {
        descriptor = inotify_init1(CInt(IN_CLOEXEC | IN_NONBLOCK))
        guard descriptor >= 0, unsafe inotify_add_watch(descriptor, path, UInt32(IN_MODIFY)) >= 0 else {
            throw POSIXError(.EIO)
        }
    }

    deinit {
        close(descriptor)
    }

    /// Returns when something has been written since the last call, or at the deadline.
    func wait(until deadline: ContinuousClock.Instant) {
        let left = (deadline - .now) / .milliseconds(1)
        var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = unsafe poll(&event, 1, CInt(max(0, left)))
        var buffer = [UInt8](repeating: 0, count: 4096)
        while unsafe read(descriptor, &buffer, buffer.count) > 0 {}
    }
}
