import Addressing
import Glibc
import Timing

/// A UDP or TCP socket that waits with a deadline: all of the system that the test client needs, in one place.
struct ClientSocket: ~Copyable {
    /// The kind of socket.
    enum Kind { case datagram, stream }

    private let descriptor: Int32
    private let kind: Kind

    /// A socket bound to `local`. `receiveBufferByteCount` keeps the kernel's buffer small, for a slow reader.
    init(_ kind: Kind, bind local: TransportAddress, receiveBufferByteCount: Int? = nil) throws(ClientError) {
        let family = local.family == .ipv4 ? AF_INET : AF_INET6
        let type = kind == .datagram ? SOCK_DGRAM : SOCK_STREAM
        let flags = Int32(type.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        self.kind = kind
        descriptor = socket(family, flags, 0)
        guard descriptor >= 0 else { throw .system(call: "socket", errno: errno) }
        if let receiveBufferByteCount { try set(SOL_SOCKET, SO_RCVBUF, Int32(clamping: receiveBufferByteCount)) }
        if local.family == .ipv6 { try set(Int32(IPPROTO_IPV6), IPV6_V6ONLY, 1) }
        if kind == .stream { try set(Int32(IPPROTO_TCP), TCP_NODELAY, 1) }
        let bound = unsafe Self.withSocketAddress(local) { unsafe bind(descriptor, $0, $1) }
        guard bound == 0 else { throw .system(call: "bind", errno: errno) }
    }

    deinit { _ = Glibc.close(descriptor) }

    /// Now, by the clock that deadlines are given in.
    static var now: Instant {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Instant(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
    }

    /// The address that the socket is bound to.
    var localAddress: TransportAddress {
        var bytes = [UInt8](repeating: 0, count: Self.addressByteCount)
        var length = socklen_t(bytes.count)
        _ = unsafe bytes.withUnsafeMutableBytes { bytes in
            unsafe getsockname(descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), &length)
        }
        return Self.address(in: bytes)
    }

    /// Connects a stream.
    func connect(to server: TransportAddress, until deadline: Instant) throws(ClientError) {
        let result = unsafe Self.withSocketAddress(server) { unsafe Glibc.connect(descriptor, $0, $1) }
        guard result != 0 else { return }
        guard errno == EINPROGRESS else { throw .system(call: "connect", errno: errno) }
        try wait(for: POLLOUT, until: deadline)
        var failure: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        _ = unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failure, &length)
        guard failure == 0 else { throw .system(call: "connect", errno: failure) }
    }

    /// Sends a datagram to an address, or all bytes into a stream.
    func send(_ bytes: [UInt8], to destination: TransportAddress, until deadline: Instant) throws(ClientError) {
        var sent = 0
        repeat {
            let count = unsafe bytes.withUnsafeBytes { bytes in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[sent...])
                guard kind == .datagram else {
                    return unsafe Glibc.send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
                }
                return unsafe Self.withSocketAddress(destination) { address, length in
                    unsafe sendto(descriptor, rest.baseAddress, rest.count, 0, address, length)
                }
            }
            if count >= 0 {
                sent += count
            } else if errno == EAGAIN {
                try wait(for: POLLOUT, until: deadline)
            } else if errno == ECONNRESET || errno == EPIPE {
                throw .closed
            } else if errno != EINTR {
                throw .system(call: "send", errno: errno)
            }
        } while sent < bytes.count
    }

    /// A datagram and where it came from, or what has arrived on a stream; no bytes when the other side closed or
    /// reset it. A datagram may be empty too.
    func receive(until deadline: Instant) throws(ClientError) -> (bytes: [UInt8], source: TransportAddress) {
        var buffer = [UInt8](repeating: 0, count: 65536)
        var source = [UInt8](repeating: 0, count: Self.addressByteCount)
        while true {
            try wait(for: POLLIN, until: deadline)
            var length = socklen_t(source.count)
            let count = unsafe buffer.withUnsafeMutableBytes { buffer in
                unsafe source.withUnsafeMutableBytes { source in
                    let address = unsafe source.baseAddress?.assumingMemoryBound(to: sockaddr.self)
                    return unsafe recvfrom(descriptor, buffer.baseAddress, buffer.count, 0, address, &length)
                }
            }
            if count >= 0 { return (Array(buffer[..<count]), Self.address(in: source)) }
            if errno == ECONNRESET { return ([], Self.address(in: source)) }
            guard errno == EAGAIN || errno == EINTR else { throw .system(call: "recv", errno: errno) }
        }
    }

    /// Makes closing a stream send RST instead of FIN.
    func resetOnClose() {
        var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
        let length = socklen_t(MemoryLayout<Glibc.linger>.size)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, length)
    }

    private func wait(for events: Int32, until deadline: Instant) throws(ClientError) {
        var entry = pollfd(fd: descriptor, events: Int16(truncatingIfNeeded: events), revents: 0)
        while true {
            let left = deadline.nanoseconds(since: Self.now)
            let milliseconds = Int32(clamping: left / 1_000_000 + (left % 1_000_000 == 0 ? 0 : 1))
            let count = unsafe poll(&entry, 1, milliseconds)
            if count > 0 { return }
            if count == 0 { throw .timedOut }
            guard errno == EINTR else { throw .system(call: "poll", errno: errno) }
        }
    }

    private func set(_ level: Int32, _ name: Int32, _ value: Int32) throws(ClientError) {
        var value = value
        let length = socklen_t(MemoryLayout<Int32>.size)
        guard unsafe setsockopt(descriptor, level, name, &value, length) == 0 else {
            throw .system(call: "setsockopt", errno: errno)
        }
    }

    // MARK: - Addresses as the kernel has them: family, port, and the address at byte 4 (IPv4) or 8 (IPv6)

    private static var addressByteCount: Int { MemoryLayout<sockaddr_in6>.size }

    private static func withSocketAddress<Result>(
        _ address: TransportAddress, _ body: (UnsafePointer<sockaddr>?, socklen_t) -> Result
    ) -> Result {
        let isIPv4 = address.family == .ipv4
        let count = isIPv4 ? MemoryLayout<sockaddr_in>.size : addressByteCount
        var bytes = [UInt8](repeating: 0, count: count)
        let family = UInt16(truncatingIfNeeded: isIPv4 ? AF_INET : AF_INET6)
        bytes[0] = UInt8(truncatingIfNeeded: family.littleEndian)
        bytes[2] = UInt8(address.port >> 8)
        bytes[3] = UInt8(truncatingIfNeeded: address.port)
        let width = address.ip.byteCount
        for index in 0..<width {
            let shift = UInt128(8 * (width - 1 - index))
            bytes[(isIPv4 ? 4 : 8) + index] = UInt8(truncatingIfNeeded: address.ip.bits >> shift)
        }
        return unsafe bytes.withUnsafeBytes { bytes in
            unsafe body(bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
        }
    }

    private static func address(in bytes: [UInt8]) -> TransportAddress {
        let isIPv4 = bytes[0] == UInt8(truncatingIfNeeded: AF_INET)
        let ip = isIPv4 ? bytes[4..<8] : bytes[8..<24]
        let bits = ip.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        let port = UInt16(bytes[2]) << 8 | UInt16(bytes[3])
        return TransportAddress(IPAddress(bits: bits, family: isIPv4 ? .ipv4 : .ipv6), port: port)
    }
}
