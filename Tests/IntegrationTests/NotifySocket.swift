import Foundation

/// What a service manager listens on: a datagram socket with a path, or with an abstract name.
final class NotifySocket {
    /// Where the name of the socket lives.
    enum Place: CaseIterable {
        /// In a folder.
        case path
        /// In the kernel.
        case abstract
    }

    /// What NOTIFY_SOCKET says of it.
    let name: String
    private let descriptor: CInt

    /// Binds a socket with a name of its own, on which a wait takes ten seconds at most.
    init(_ place: Place) throws {
        let unique = "culvert-\(UUID().uuidString)"
        name = place == .abstract ? "@\(unique)" : FileManager.default.temporaryDirectory.path + "/\(unique)"
        let bytes: [UInt8] = place == .abstract ? [0] + Array(unique.utf8) : Array(name.utf8) + [0]
        descriptor = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        let length = socklen_t(MemoryLayout.size(ofValue: address.sun_family) + bytes.count)
        let bound = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(descriptor, $0, length) }
        }
        guard bound == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        var wait = timeval(tv_sec: 10, tv_usec: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit {
        close(descriptor)
        if name.hasPrefix("/") { unsafe unlink(name) }
    }

    /// The variables of the next datagram.
    func receive() throws -> [String: String] {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
        guard count >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        let lines = String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n")
        return Dictionary(
            uniqueKeysWithValues: lines.map { line in
                let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
                return (parts[0], parts.count > 1 ? parts[1] : "")
            })
    }
}
