import Addressing
import COffload
import Glibc

/// Asks the kernel for routes (rtnetlink(7), RTM_GETROUTE), which it answers at once.
final class RouteLookup {
    private let descriptor: CInt
    private var sequence: UInt32 = 0

    init() throws(OffloadError) {
        descriptor = socket(AF_NETLINK, CInt(SOCK_RAW.rawValue) | CInt(SOCK_CLOEXEC.rawValue), NETLINK_ROUTE)
        guard descriptor >= 0 else { throw OffloadError("open a routing socket") }
    }

    deinit {
        close(descriptor)
    }

    /// The route to an address from one of this host's; nil when there is none.
    func route(to destination: IPAddress, from source: IPAddress) -> Route? {
        sequence &+= 1
        let question = question(destination, source)
        let sent = unsafe question.withUnsafeBytes { bytes in
            unsafe send(descriptor, bytes.baseAddress, bytes.count, 0)
        }
        guard sent == question.count else { return nil }
        var answer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe answer.withUnsafeMutableBytes { bytes in
                unsafe recv(descriptor, bytes.baseAddress, bytes.count, CInt(MSG_DONTWAIT))
            }
            guard count > 0 else { return nil }
            // What an earlier question left behind is passed over.
            let message = RouteMessage(answer.prefix(count))
            if message.sequence == sequence { return message.route }
        }
    }

    private func question(_ destination: IPAddress, _ source: IPAddress) -> [UInt8] {
        let bits = UInt8(destination.byteCount * 8)
        var body = [destination.family == .ipv4 ? UInt8(AF_INET) : UInt8(AF_INET6), bits, bits]
        body += [UInt8](repeating: 0, count: 9)
        for (type, ip) in [(RTA_DST, destination), (RTA_SRC, source)] {
            let bytes = Self.networkOrder(ip)
            body += Self.littleEndian(UInt16(4 + bytes.count)) + Self.littleEndian(UInt16(type.rawValue)) + bytes
        }
        let header =
            Self.littleEndian(UInt32(16 + body.count)) + Self.littleEndian(UInt16(RTM_GETROUTE))
            + Self.littleEndian(UInt16(NLM_F_REQUEST)) + Self.littleEndian(sequence) + Self.littleEndian(UInt32(0))
        return header + body
    }

    private static func networkOrder(_ ip: IPAddress) -> [UInt8] {
        let bits = unsafe withUnsafeBytes(of: ip.bits.bigEndian) { unsafe [UInt8]($0) }
        return Array(bits.suffix(ip.byteCount))
    }

    private static func littleEndian<Number: FixedWidthInteger & BitwiseCopyable>(_ number: Number) -> [UInt8] {
        unsafe withUnsafeBytes(of: number.littleEndian) { unsafe [UInt8]($0) }
    }
}
