package import Addressing
import CLinux
import Glibc

/// An ICMP error that came back for a datagram of a socket which `reportsErrors`.
package struct SocketICMPError: Sendable, Hashable {
    /// Where the datagram went, as the error quotes it; not who sent the error.
    package let destination: TransportAddress
    /// Type and code, of ICMP or of ICMPv6 according to the family of `destination`.
    package let type: UInt8
    package let code: UInt8
    /// What came with it: the MTU of the next hop, where that is too small.
    package let info: UInt32
}

extension UDPSocket {
    /// The next error that came back, oldest first; nil when there is none. Errors of this machine's own are passed over.
    package func nextICMPError() -> SocketICMPError? {
        var error = clinux_icmp_error()
        while true {
            var address = SocketAddress()
            let result = unsafe address.fill { pointer, length in
                unsafe clinux_receive_icmp_error(descriptor, pointer, length, &error)
            }
            guard result >= 0 else { return nil }
            guard result == 1, let destination = address.transportAddress,
                destination.family == (CInt(error.family) == AF_INET ? .ipv4 : .ipv6)
            else { continue }
            return SocketICMPError(destination: destination, type: error.type, code: error.code, info: error.info)
        }
    }
}
