import CLinux
import Glibc

/// A bell that any thread may ring to wake one that waits in an `Epoll` (an eventfd). Rings that nobody has heard yet
/// are one ring.
package struct WakeUp: ~Copyable, Sendable {
    /// What the waiting thread watches for reading.
    package let descriptor: CInt

    /// A silent bell.
    package init() throws(SystemError) {
        descriptor = try checked("eventfd", eventfd(0, CInt(EFD_NONBLOCK | EFD_CLOEXEC)))
    }

    deinit {
        _ = close(descriptor)
    }

    /// Wakes the waiting thread.
    package func ring() {
        var one: UInt64 = 1
        // Fails only when the counter is full, and then the bell is ringing.
        _ = unsafe write(descriptor, &one, MemoryLayout<UInt64>.size)
    }

    /// Makes the bell silent again.
    package func silence() {
        var rings: UInt64 = 0
        _ = unsafe read(descriptor, &rings, MemoryLayout<UInt64>.size)
    }
}
