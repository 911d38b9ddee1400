import Addressing

/// Version 1 of the PROXY protocol, a line of text: `PROXY TCP4 192.0.2.1 198.51.100.7 50123 3478` and CR LF.
enum TextProxyHeader {
    private static let signature = Array("PROXY ".utf8)
    /// The longest line, with its end (§2.1).
    private static let maximumByteCount = 107

    static func read(_ bytes: Span<UInt8>) -> ProxyHeader {
        guard ProxyHeader.begins(bytes, with: signature) else { return .invalid }
        var end = 0
        while end < bytes.count, bytes[end] != UInt8(ascii: "\r") { end += 1 }
        guard end + 2 <= maximumByteCount else { return .invalid }
        guard end + 1 < bytes.count else { return .incomplete }
        guard bytes[end + 1] == UInt8(ascii: "\n"), end >= signature.count else { return .invalid }
        var line: [UInt8] = []
        for index in signature.count..<end { line.append(bytes[index]) }
        return statement(line).map { .complete($0, byteCount: end + 2) } ?? .invalid
    }

    /// What stands behind `PROXY `.
    private static func statement(_ line: [UInt8]) -> ProxyHeader.Statement? {
        let words = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        let family: IPAddress.Family
        switch words[0] {
        // What follows it, up to the end of the line, is to be ignored.
        case Array("UNKNOWN".utf8)[...]: return .local
        case Array("TCP4".utf8)[...]: family = .ipv4
        case Array("TCP6".utf8)[...]: family = .ipv6
        default: return nil
        }
        guard words.count == 5, let client = address(words[1], words[3], family),
            let server = address(words[2], words[4], family)
        else { return nil }
        return ProxyHeader.statement(client, server)
    }

    private static func address(
        _ ip: ArraySlice<UInt8>, _ port: ArraySlice<UInt8>, _ family: IPAddress.Family
    ) -> TransportAddress? {
        guard let ip = IPAddress(String(decoding: ip, as: UTF8.self)), ip.family == family, let port = number(port)
        else { return nil }
        return TransportAddress(ip, port: port)
    }

    /// A port in digits, without zeros in front.
    private static func number(_ digits: ArraySlice<UInt8>) -> UInt16? {
        guard (1...5).contains(digits.count),
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            digits.count == 1 || digits.first != UInt8(ascii: "0")
        else { return nil }
        return UInt16(exactly: digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) })
    }
}
