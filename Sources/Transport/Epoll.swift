import CLinux
import Glibc

/// The kernel's list of descriptors to watch, and the events of the last wait. Level-triggered: a descriptor reports
/// again as long as the condition holds, so nobody needs to read until EAGAIN.
@safe
package struct Epoll: ~Copyable {
    /// What to wait for. Errors and hang-ups are always reported.
    package struct Interest: OptionSet, Sendable, BitwiseCopyable {
        package let rawValue: UInt32

        package init(rawValue: UInt32) {
            self.rawValue = rawValue
        }

        /// There is something to read.
        package static let read = Interest(rawValue: EPOLLIN.rawValue)
        /// There is room to write.
        package static let write = Interest(rawValue: EPOLLOUT.rawValue)
        /// Report only what changes: the owner reads and writes until nothing moves any more. Setting the interest anew
        /// reports once what holds then.
        package static let changes = Interest(rawValue: EPOLLET.rawValue)
    }

    /// What happened to one descriptor.
    package struct Event: Sendable, BitwiseCopyable {
        /// The token the descriptor was added with.
        package let token: EventToken
        private let flags: UInt32

        init(token: EventToken, flags: UInt32) {
            self.token = token
            self.flags = flags
        }

        /// Reading will give bytes, an end or an error.
        package var isReadable: Bool { flags & (EPOLLIN.rawValue | EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 }
        /// Writing will make progress or give an error.
        package var isWritable: Bool { flags & (EPOLLOUT.rawValue | EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 }
        /// The connection has failed; nothing more will come of it than what the kernel holds already.
        package var hasFailed: Bool { flags & EPOLLERR.rawValue != 0 }
        /// The descriptor has a pending error, or both directions of the connection are closed.
        package var isBroken: Bool { flags & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 }
    }

    private let descriptor: CInt
    private let events: UnsafeMutablePointer<epoll_event>
    private let capacity: Int
    private var count = 0

    /// A list that reports at most `capacity` events at a time.
    package init(capacity: Int = 256) throws(SystemError) {
        precondition(capacity > 0)
        descriptor = try checked("epoll_create1", epoll_create1(CInt(EPOLL_CLOEXEC)))
        self.capacity = capacity
        unsafe events = .allocate(capacity: capacity)
        unsafe events.initialize(repeating: epoll_event(), count: capacity)
    }

    deinit {
        _ = close(descriptor)
        unsafe events.deallocate()
    }

    /// Begins to watch a descriptor. Closing it ends that.
    package borrowing func add(
        _ watched: CInt, _ interest: Interest, token: EventToken
    ) throws(SystemError) {
        try control(EPOLL_CTL_ADD, watched, interest, token)
    }

    /// Changes what is waited for.
    package borrowing func modify(
        _ watched: CInt, _ interest: Interest, token: EventToken
    ) throws(SystemError) {
        try control(EPOLL_CTL_MOD, watched, interest, token)
    }

    /// Ceases to watch a descriptor that stays open.
    package borrowing func remove(_ watched: CInt) throws(SystemError) {
        try control(EPOLL_CTL_DEL, watched, [], EventToken(bits: 0))
    }

    private borrowing func control(
        _ operation: CInt, _ watched: CInt, _ interest: Interest, _ token: EventToken
    ) throws(SystemError) {
        var event = unsafe epoll_event(events: interest.rawValue, data: epoll_data_t(u64: token.bits))
        try checked("epoll_ctl", unsafe epoll_ctl(descriptor, operation, watched, &event))
    }

    /// Waits until something happens or the time has passed, and returns how many events there are; their indices are
    /// 0..<count. A negative timeout waits for ever. An interruption by a signal is no event.
    package mutating func wait(timeoutMilliseconds: Int) throws(SystemError) -> Int {
        let timeout = CInt(clamping: timeoutMilliseconds)
        return try take(unsafe epoll_wait(descriptor, events, CInt(clamping: capacity), timeout), of: "epoll_wait")
    }

    /// The same with a finer clock, for whoever sends at a pace.
    package mutating func wait(nanoseconds: UInt64) throws(SystemError) -> Int {
        let result = unsafe clinux_epoll_wait(descriptor, events, CInt(clamping: capacity), nanoseconds)
        return try take(result, of: "epoll_pwait2")
    }

    private mutating func take(_ result: CInt, of call: StaticString) throws(SystemError) -> Int {
        if result < 0, errno != EINTR { throw SystemError.last(call) }
        count = max(0, Int(result))
        return count
    }

    /// An event of the last wait.
    package func event(_ index: Int) -> Event {
        precondition(index >= 0 && index < count)
        return unsafe Event(token: EventToken(bits: events[index].data.u64), flags: events[index].events)
    }
}
