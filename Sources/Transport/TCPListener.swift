package import Addressing
import CLinux
import Glibc

/// A non-blocking, listening TCP socket in a plain value. Whoever keeps it closes it, once.
package struct TCPListener: Hashable, Sendable, BitwiseCopyable {
    /// The number the kernel knows the socket by.
    package let descriptor: CInt

    /// No socket: what stands in a slab's blank record.
    package static let none = TCPListener(descriptor: -1)

    /// What came of accepting.
    package enum AcceptResult: Sendable {
        /// A connection, and the address at its other end.
        case accepted(TCPSocket, from: TransportAddress)
        /// Nobody waits.
        case nothing
        /// A connection was closed at once, because there are no descriptors left.
        case shed
        /// The system cannot even do that. The listener is best left alone for a while.
        case failed(SystemError)
    }

    private init(descriptor: CInt) {
        self.descriptor = descriptor
    }

    /// Opens a socket, binds it and listens. With `sharesPort` several workers listen on the same address and the kernel
    /// spreads connections over them; port 0 lets the kernel choose. Connections come through the network interface
    /// `device` alone, if it is given.
    package init(
        boundTo address: TransportAddress, device: String? = nil, sharesPort: Bool = true, backlog: Int = 1024
    ) throws(SystemError) {
        let domain = address.family == .ipv4 ? AF_INET : AF_INET6
        descriptor = try checked("socket", socket(domain, clinux_stream_socket, 0))
        do throws(SystemError) {
            // Connections of an earlier process that linger in TIME_WAIT do not hold the port.
            try setSocketOption("SO_REUSEADDR", descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
            if sharesPort { try setSocketOption("SO_REUSEPORT", descriptor, SOL_SOCKET, SO_REUSEPORT, 1) }
            if let device { try bindSocket(descriptor, toDevice: device) }
            if address.family == .ipv6 {
                try setSocketOption("IPV6_V6ONLY", descriptor, CInt(IPPROTO_IPV6), IPV6_V6ONLY, 1)
            }
            try checked("bind", unsafe SocketAddress(address).withSockaddr { unsafe bind(descriptor, $0, $1) })
            try checked("listen", listen(descriptor, CInt(clamping: backlog)))
        } catch {
            close()
            throw error
        }
    }

    /// From now on lets connections begin from the listener's own port (`TCPSocket.init(connectingTo:from:sharesPort:)`).
    /// Said after the port was bound, so that it was bound for this listener alone.
    package func sharePortWithConnections() throws(SystemError) {
        try setSocketOption("SO_REUSEPORT", descriptor, SOL_SOCKET, SO_REUSEPORT, 1)
    }

    /// Accepts one connection, if one waits.
    package func accept(reserve: inout DescriptorReserve) -> AcceptResult {
        var peer = SocketAddress()
        let accepted = accept(&peer)
        if accepted >= 0 {
            let socket = TCPSocket(descriptor: accepted)
            guard let address = peer.transportAddress else {
                socket.close()
                return .nothing
            }
            return .accepted(socket, from: address)
        }
        switch errno {
        case EMFILE, ENFILE:
            return shed(reserve: &reserve)
        case ENOMEM, ENOBUFS, EBADF, EINVAL, ENOTSOCK:
            return .failed(.last("accept4"))
        default:
            // Nobody waits, or the connection failed before it was accepted: accept(2) reports errors of the network.
            return .nothing
        }
    }

    private func accept(_ peer: inout SocketAddress) -> CInt {
        unsafe peer.fill { unsafe clinux_accept4(descriptor, $0, $1, clinux_accept_flags) }
    }

    private func shed(reserve: inout DescriptorReserve) -> AcceptResult {
        var result = AcceptResult.shed
        reserve.lend {
            var peer = SocketAddress()
            let accepted = accept(&peer)
            if accepted >= 0 {
                _ = Glibc.close(accepted)
            } else if errno == EAGAIN {
                result = .nothing
            } else {
                result = .failed(.last("accept4"))
            }
        }
        return result
    }

    /// The address the listener is bound to.
    package func localAddress() throws(SystemError) -> TransportAddress { try socketName(of: descriptor) }

    /// Closes the descriptor. The value must not be used afterwards.
    package func close() {
        _ = Glibc.close(descriptor)
    }
}
