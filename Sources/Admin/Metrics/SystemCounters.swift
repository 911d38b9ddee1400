import FoundationEssentials
import Glibc

/// What the kernel counts about this machine's UDP sockets.
enum SystemCounters {
    /// Datagrams that found a socket's buffer full (RcvbufErrors of IPv4 and IPv6); nil where the kernel does not tell.
    static func receiveBufferErrors() -> UInt64? {
        let counts = [ipv4(), ipv6()].compactMap { $0 }
        return counts.isEmpty ? nil : counts.reduce(0, &+)
    }

    /// Of two lines that begin with `Udp:` the first has the names, the second the values.
    private static func ipv4() -> UInt64? {
        let lines = SmallFile.text("/proc/net/snmp").split(separator: "\n").filter { $0.hasPrefix("Udp:") }
            .map { $0.split(separator: " ") }
        guard lines.count == 2, let column = lines[0].firstIndex(of: "RcvbufErrors"), column < lines[1].count else {
            return nil
        }
        return UInt64(lines[1][column])
    }

    private static func ipv6() -> UInt64? {
        SmallFile.text("/proc/net/snmp6").split(separator: "\n").first { $0.hasPrefix("Udp6RcvbufErrors") }
            .flatMap { $0.split(whereSeparator: { $0 == " " || $0 == "\t" }).last }.flatMap { UInt64($0) }
    }
}

/// Files of a few kilobytes.
enum SmallFile {
    /// The text of a file, 64 KiB at most; empty when it cannot be read.
    static func text(_ path: String) -> String { bytes(path).map { String(decoding: $0, as: UTF8.self) } ?? "" }

    /// The bytes of a file, 64 KiB at most; nil when it cannot be read.
    static func bytes(_ path: String) -> [UInt8]? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        var filled = 0
        while filled < bytes.count {
            let count = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe read(descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
            }
            guard count > 0 else { break }
            filled += count
        }
        return Array(bytes[..<filled])
    }
}

/// The wall clock with fractions of a second.
enum WallClock {
    /// Seconds since 1970-01-01 UTC.
    static func now() -> Double { Date().timeIntervalSince1970 }
}
