import Glibc
import Transport

/// Tells the service manager how the process fares: the datagrams of sd_notify(3), without its library.
struct ServiceNotifier: ~Copyable {
    /// What a service manager wants to hear.
    enum State: Equatable {
        /// Everything is bound and served.
        case ready
        /// The configuration is read again; `ready` follows. The time is that of the monotonic clock.
        case reloading(monotonicMicroseconds: UInt64)
        /// The end has begun.
        case stopping
        /// All workers have answered lately.
        case alive

        /// The datagram.
        var text: String {
            switch self {
            case .ready: "READY=1"
            case .reloading(let time): "RELOADING=1\nMONOTONIC_USEC=\(time)"
            case .stopping: "STOPPING=1"
            case .alive: "WATCHDOG=1"
            }
        }
    }

    private let descriptor: CInt
    private let address: sockaddr_un
    private let length: socklen_t

    /// A notifier for the socket that NOTIFY_SOCKET names: a path, or an abstract name behind an "@".
    init(socket name: String) throws(DaemonError) {
        let (address, length) = try Self.address(of: name)
        let descriptor = Glibc.socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else {
            throw DaemonError(description: "cannot notify the service manager: \(SystemError("socket", code: errno))")
        }
        self.address = address
        self.length = length
        self.descriptor = descriptor
    }

    /// The address of a socket by its name. A path ends with a zero, an abstract name begins with one.
    private static func address(of name: String) throws(DaemonError) -> (sockaddr_un, socklen_t) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        let path = Array(name.utf8)
        let bytes = path.first == UInt8(ascii: "@") ? [0] + path.dropFirst() : path + [0]
        guard path.first == UInt8(ascii: "@") || path.first == UInt8(ascii: "/"), bytes.count <= room else {
            throw DaemonError(description: "NOTIFY_SOCKET names no socket: \(name)")
        }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        return (address, socklen_t(MemoryLayout.size(ofValue: address.sun_family) + bytes.count))
    }

    deinit {
        _ = close(descriptor)
    }

    /// Sends one state.
    func tell(_ state: State) throws(SystemError) {
        var address = address
        let text = Array(state.text.utf8)
        let sent = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe text.withUnsafeBytes { text in
                    unsafe sendto(descriptor, text.baseAddress, text.count, CInt(MSG_NOSIGNAL), pointer, length)
                }
            }
        }
        guard sent == text.count else { throw SystemError("sendto", code: errno) }
    }
}
