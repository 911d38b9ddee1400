package import Addressing
import CLinux
import Glibc

/// An IP address of this machine.
package struct InterfaceAddress: Hashable, Sendable {
    /// The name of the interface, such as `eth0`.
    package let interface: String
    /// The address.
    package let ip: IPAddress
    /// Whether the interface is up.
    package let isUp: Bool
    /// Whether the interface is the loopback.
    package let isLoopback: Bool

    /// All IP addresses of this machine, as the system lists them.
    package static func all() throws(SystemError) -> [InterfaceAddress] {
        var head: UnsafeMutablePointer<ifaddrs>?
        try checked("getifaddrs", unsafe getifaddrs(&head))
        defer { unsafe freeifaddrs(head) }
        var found: [InterfaceAddress] = []
        var cursor = unsafe head
        while let entry = unsafe cursor {
            unsafe cursor = entry.pointee.ifa_next
            guard let sockaddr = unsafe entry.pointee.ifa_addr, let ip = unsafe ip(of: sockaddr) else { continue }
            let flags = unsafe entry.pointee.ifa_flags
            found.append(
                InterfaceAddress(
                    interface: unsafe String(cString: entry.pointee.ifa_name), ip: ip,
                    isUp: flags & UInt32(IFF_UP) != 0,
                    isLoopback: flags & UInt32(IFF_LOOPBACK) != 0))
        }
        return found
    }

    @unsafe
    private static func ip(of sockaddr: UnsafeMutablePointer<sockaddr>) -> IPAddress? {
        let byteCount: Int
        switch unsafe CInt(sockaddr.pointee.sa_family) {
        case AF_INET: byteCount = MemoryLayout<sockaddr_in>.size
        case AF_INET6: byteCount = MemoryLayout<sockaddr_in6>.size
        default: return nil
        }
        var address = SocketAddress()
        unsafe address.fill { copy, _ in
            unsafe UnsafeMutableRawPointer(copy).copyMemory(from: sockaddr, byteCount: byteCount)
        }
        return address.transportAddress?.ip
    }
}

extension InterfaceAddress {
    /// The address that a packet to the Internet would leave from; nil without such a route. Connecting a UDP socket asks
    /// the routing table and sends nothing.
    package static func outgoing(_ family: IPAddress.Family) -> IPAddress? {
        // 192.88.99.1 and 2002:: are public anycast addresses that nobody serves any more (RFC 7526).
        let far = family == .ipv4 ? IPAddress(v4: 0xC058_6301) : IPAddress(v6High: 0x2002_0000_0000_0000, low: 0)
        guard let probe = try? UDPSocket(boundTo: TransportAddress(.any(family), port: 0)) else { return nil }
        defer { probe.close() }
        let connected = unsafe SocketAddress(TransportAddress(far, port: 9)).withSockaddr {
            unsafe connect(probe.descriptor, $0, $1) == 0
        }
        return connected ? (try? probe.localAddress())?.ip : nil
    }
}
