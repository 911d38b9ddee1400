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
