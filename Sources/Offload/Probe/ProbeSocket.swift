import Addressing
import Glibc

/// A UDP socket on 127.0.0.1 whose datagrams bear a mark, and no checksum: that of a local sender would be left to a card,
/// and such packets go to the server.
final class ProbeSocket {
    /// Where it is bound.
    let address: TransportAddress
    private let descriptor: CInt

    /// Needs CAP_NET_ADMIN for the mark.
    init(mark: UInt32) throws(OffloadError) {
        descriptor = socket(AF_INET, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        var bound = Self.loopback(port: 0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let result = unsafe withUnsafeMutablePointer(to: &bound) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe bind(descriptor, pointer, size) == 0 ? unsafe getsockname(descriptor, pointer, &size) : -1
            }
        }
        address = TransportAddress(IPAddress(v4: 0x7F00_0001), port: UInt16(bigEndian: bound.sin_port))
        guard result == 0 else { throw OffloadError("open a socket for a probe") }
        try set(SO_MARK, CInt(bitPattern: mark))
        try set(SO_NO_CHECK, 1)
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    private func set(_ option: CInt, _ value: CInt) throws(OffloadError) {
        var value = value
        guard unsafe setsockopt(descriptor, SOL_SOCKET, option, &value, socklen_t(MemoryLayout<CInt>.size)) == 0 else {
            throw OffloadError("mark a probe")
        }
    }

    /// Sends a datagram to a port of 127.0.0.1.
    func send(_ bytes: [UInt8], to destination: TransportAddress) throws(OffloadError) {
        var address = Self.loopback(port: destination.port)
        let descriptor = descriptor
        let sent = unsafe bytes.withUnsafeBytes { bytes in
            unsafe withUnsafePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                    unsafe sendto(
                        descriptor, bytes.baseAddress, bytes.count, 0, pointer,
                        socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        }
        guard sent == bytes.count else { throw OffloadError("send a probe") }
    }

    private static func loopback(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = port.bigEndian
        return address
    }
}
