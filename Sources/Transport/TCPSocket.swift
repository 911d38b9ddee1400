package import Addressing
import CLinux
import Glibc

/// A non-blocking, connected TCP socket: a descriptor in a plain value that may stand in a slab. Whoever keeps it closes
/// it, once.
package struct TCPSocket: Hashable, Sendable, BitwiseCopyable {
    /// The number the kernel knows the socket by.
    package let descriptor: CInt

    /// No socket: what stands in a slab's blank record.
    package static let none = TCPSocket(descriptor: -1)

    /// What came of reading.
    package enum ReadResult: Sendable {
        /// So many bytes were read; never 0.
        case bytes(Int)
        /// There is nothing to read now.
        case nothing
        /// The peer has ended its half of the connection.
        case end
        /// The connection is broken.
        case failed(SystemError)
    }

    /// What came of writing.
    package enum WriteResult: Sendable {
        /// The kernel took so many bytes, perhaps fewer than given, perhaps none.
        case bytes(Int)
        /// The connection is broken.
        case failed(SystemError)
    }

    init(descriptor: CInt) {
        self.descriptor = descriptor
    }

    /// Begins to connect to `remote`, from `local` if given. The socket becomes writable when the connection stands or
    /// has failed; `pendingError` then tells which. With `sharesPort` a listener and other connections may be bound to
    /// `local` too, if they share it.
    package init(
        connectingTo remote: TransportAddress, from local: TransportAddress? = nil, sharesPort: Bool = false
    ) throws(SystemError) {
        let domain = remote.family == .ipv4 ? AF_INET : AF_INET6
        descriptor = try checked("socket", socket(domain, clinux_stream_socket, 0))
        do throws(SystemError) {
            if sharesPort {
                try setSocketOption("SO_REUSEADDR", descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
                try setSocketOption("SO_REUSEPORT", descriptor, SOL_SOCKET, SO_REUSEPORT, 1)
            }
            if let local {
                try checked("bind", unsafe SocketAddress(local).withSockaddr { unsafe bind(descriptor, $0, $1) })
            }
            let result = unsafe SocketAddress(remote).withSockaddr { unsafe connect(descriptor, $0, $1) }
            if result < 0, errno != EINPROGRESS { throw SystemError.last("connect") }
        } catch {
            close()
            throw error
        }
    }

    /// Sends small segments at once, without waiting for acknowledgements (TCP_NODELAY).
    package func setNoDelay() throws(SystemError) {
        try setSocketOption("TCP_NODELAY", descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, 1)
    }

    /// Asks a silent other end from time to time whether it is still there (SO_KEEPALIVE, tcp(7)): after a minute, and
    /// then every 15 seconds. Four questions without an answer end the connection.
    package func setKeepAlive() throws(SystemError) {
        try setSocketOption("SO_KEEPALIVE", descriptor, SOL_SOCKET, SO_KEEPALIVE, 1)
        try setSocketOption("TCP_KEEPIDLE", descriptor, CInt(IPPROTO_TCP), TCP_KEEPIDLE, 60)
        try setSocketOption("TCP_KEEPINTVL", descriptor, CInt(IPPROTO_TCP), TCP_KEEPINTVL, 15)
        try setSocketOption("TCP_KEEPCNT", descriptor, CInt(IPPROTO_TCP), TCP_KEEPCNT, 4)
    }

    /// Makes `close` reset the connection: the other end shall not take it for the end of what was sent.
    package func resetOnClose() {
        var option = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    /// Reads at most as many bytes as `output` has room for, and puts them behind those that are in it. There must be
    /// room.
    package func read(into output: inout OutputSpan<UInt8>) -> ReadResult {
        precondition(!output.isFull)
        return unsafe output.withUnsafeMutableBufferPointer { buffer, count in
            let free = unsafe buffer[count...]
            let result = unsafe recv(descriptor, UnsafeMutableBufferPointer(rebasing: free).baseAddress, free.count, 0)
            if result > 0 {
                count += result
                return .bytes(result)
            }
            if result == 0 { return .end }
            if errno == EAGAIN || errno == EINTR { return .nothing }
            return .failed(.last("recv"))
        }
    }

    /// Hands bytes to the kernel, as many as it takes.
    package func write(_ span: Span<UInt8>) -> WriteResult {
        let result = unsafe span.withUnsafeBufferPointer {
            unsafe send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
        }
        return written(result, "send")
    }

    /// Hands several pieces to the kernel in one call.
    func write(gathered vectors: UnsafeMutableBufferPointer<iovec>) -> WriteResult {
        var message = unsafe msghdr()
        unsafe message.msg_iov = vectors.baseAddress
        unsafe message.msg_iovlen = vectors.count
        return written(unsafe sendmsg(descriptor, &message, CInt(MSG_NOSIGNAL)), "sendmsg")
    }

    private func written(_ result: Int, _ call: StaticString) -> WriteResult {
        if result >= 0 { return .bytes(result) }
        if errno == EAGAIN || errno == EINTR { return .bytes(0) }
        return .failed(.last(call))
    }

    /// Breaks the connection off; whoever watches the socket is told that it is broken.
    package func breakOff() {
        _ = shutdown(descriptor, CInt(SHUT_RDWR))
    }

    /// Ends our half of the connection; the peer reads its end after what was written.
    package func shutdownWriting() {
        _ = shutdown(descriptor, CInt(SHUT_WR))
    }

    /// The error that waits at the socket, and clears it; nil when there is none.
    package func pendingError() -> SystemError? {
        var code: CInt = 0
        var length = socklen_t(MemoryLayout<CInt>.size)
        guard unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length) == 0 else {
            return .last("getsockopt")
        }
        return code == 0 ? nil : SystemError("connect", code: code)
    }

    /// Our end of the connection.
    package func localAddress() throws(SystemError) -> TransportAddress { try socketName(of: descriptor) }

    /// The other end of the connection.
    package func peerAddress() throws(SystemError) -> TransportAddress { try peerName(of: descriptor) }

    /// Closes the descriptor. The value must not be used afterwards.
    package func close() {
        _ = Glibc.close(descriptor)
    }
}
