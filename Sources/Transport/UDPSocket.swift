package import Addressing
import CLinux
import Glibc

/// A non-blocking UDP socket: a descriptor in a plain value that may stand in a slab. Whoever keeps it closes it, once.
package struct UDPSocket: Hashable, Sendable, BitwiseCopyable {
    /// The number the kernel knows the socket by.
    package let descriptor: CInt

    /// No socket: what stands in a slab's blank record.
    package static let none = UDPSocket(descriptor: -1)

    /// What a socket is opened for.
    package struct Options: Sendable {
        /// Several sockets, one a worker, share the address, and the kernel spreads clients over them.
        package var sharesPort = false
        /// Each datagram tells the local address it was sent to. Needed where the socket is bound to a wildcard
        /// address, so that the answer can leave from the same address (RFC 8489 §6.3.1.2).
        package var reportsLocalAddress = false
        /// The network interface that datagrams come in and leave through; nil for any.
        package var device: String?
        /// Datagrams that came one behind the other, of one size and from one sender, may be received as one
        /// (`ReceiveBatch.segments`). A kernel that cannot do it goes on receiving them one by one.
        package var joinsDatagrams = false
        /// Errors that come back for datagrams are kept for `nextICMPError`.
        package var reportsErrors = false
        /// What to ask of SO_RCVBUF; nil leaves the system's default.
        package var receiveBufferBytes: Int?
        /// What to ask of SO_SNDBUF; nil leaves the system's default.
        package var sendBufferBytes: Int?

        /// A socket nobody shares, with the system's defaults: what a relayed transport address needs.
        package init() {}

        /// One of several sockets on an address that clients come to.
        package static func listener(on ip: IPAddress) -> Options {
            var options = Options()
            options.sharesPort = true
            options.reportsLocalAddress = ip.isUnspecified
            options.joinsDatagrams = true
            return options
        }
    }

    init(descriptor: CInt) {
        self.descriptor = descriptor
    }

    /// Opens a socket and binds it to `address`; port 0 lets the kernel choose. Datagrams leave with DF clear.
    ///
    /// An address in use and an address that is not ours are told by `SystemError.isAddressInUse` and
    /// `isAddressNotAvailable`.
    package init(boundTo address: TransportAddress, options: Options = Options()) throws(SystemError) {
        let domain = address.family == .ipv4 ? AF_INET : AF_INET6
        descriptor = try checked("socket", socket(domain, clinux_datagram_socket, 0))
        do throws(SystemError) {
            try configure(family: address.family, options)
            try checked("bind", unsafe SocketAddress(address).withSockaddr { unsafe bind(descriptor, $0, $1) })
        } catch {
            close()
            throw error
        }
    }

    private func configure(family: IPAddress.Family, _ options: Options) throws(SystemError) {
        switch family {
        case .ipv4:
            if options.reportsLocalAddress { try setOption("IP_PKTINFO", CInt(IPPROTO_IP), IP_PKTINFO, 1) }
            if options.reportsErrors { try setOption("IP_RECVERR", CInt(IPPROTO_IP), IP_RECVERR, 1) }
        case .ipv6:
            try setOption("IPV6_V6ONLY", CInt(IPPROTO_IPV6), IPV6_V6ONLY, 1)
            if options.reportsErrors { try setOption("IPV6_RECVERR", CInt(IPPROTO_IPV6), IPV6_RECVERR, 1) }
            if options.reportsLocalAddress {
                try setOption("IPV6_RECVPKTINFO", CInt(IPPROTO_IPV6), IPV6_RECVPKTINFO, 1)
            }
        }
        try setDontFragment(false, family: family)
        if let device = options.device { try bindSocket(descriptor, toDevice: device) }
        // Kernels before 5.0 do not know it, and nothing is lost.
        if options.joinsDatagrams { try? setOption("UDP_GRO", CInt(SOL_UDP), clinux_udp_gro, 1) }
        if options.sharesPort { try setOption("SO_REUSEPORT", SOL_SOCKET, SO_REUSEPORT, 1) }
        if let bytes = options.receiveBufferBytes {
            try setOption("SO_RCVBUF", SOL_SOCKET, SO_RCVBUF, CInt(clamping: bytes))
        }
        if let bytes = options.sendBufferBytes {
            try setOption("SO_SNDBUF", SOL_SOCKET, SO_SNDBUF, CInt(clamping: bytes))
        }
    }

    /// Whether datagrams sent from now on carry DF. With DF set, a datagram too long for the path is refused with
    /// EMSGSIZE; without, it is fragmented on the way, whatever was learnt of the path.
    package func setDontFragment(_ isSet: Bool, family: IPAddress.Family) throws(SystemError) {
        switch family {
        case .ipv4:
            // DONT would leave DF clear too, but keeps no "fragmentation needed" in the error queue: with it, what came
            // back for a datagram with DF would be lost, as DF is clear again by then.
            let mode = isSet ? IP_PMTUDISC_DO : IP_PMTUDISC_OMIT
            try setOption("IP_MTU_DISCOVER", CInt(IPPROTO_IP), IP_MTU_DISCOVER, mode)
        case .ipv6:
            let mode = isSet ? IPV6_PMTUDISC_DO : IPV6_PMTUDISC_DONT
            try setOption("IPV6_MTU_DISCOVER", CInt(IPPROTO_IPV6), IPV6_MTU_DISCOVER, mode)
        }
    }

    private func setOption(_ name: StaticString, _ level: CInt, _ option: CInt, _ value: CInt) throws(SystemError) {
        try setSocketOption(name, descriptor, level, option, value)
    }

    /// The address the socket is bound to.
    package func localAddress() throws(SystemError) -> TransportAddress {
        try socketName(of: descriptor)
    }

    /// Closes the descriptor. The value must not be used afterwards.
    package func close() {
        _ = Glibc.close(descriptor)
    }
}
