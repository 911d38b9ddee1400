import Glibc

/// A descriptor kept for the moment when there are no others. A connection that cannot be accepted for want of
/// descriptors would stay in the listener's queue and wake the loop for ever; with the reserve it is accepted and closed.
package struct DescriptorReserve: ~Copyable {
    private var descriptor: CInt = -1

    /// Takes the descriptor.
    package init() {
        refill()
    }

    deinit {
        if descriptor >= 0 { _ = close(descriptor) }
    }

    /// Calls `body` while the descriptor is given back to the system, then takes it again.
    mutating func lend(_ body: () -> Void) {
        if descriptor >= 0 { _ = close(descriptor) }
        descriptor = -1
        body()
        refill()
    }

    /// Takes the descriptor if another thread was quicker the last time.
    package mutating func refill() {
        if descriptor < 0 { descriptor = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC) }
    }
}
