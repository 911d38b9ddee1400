/// An IP address and a port: one end of a UDP or TCP flow (RFC 8656 §2).
@frozen
public struct TransportAddress: Hashable, Sendable, BitwiseCopyable {
    /// The host's address.
    public let ip: IPAddress
    /// The port, in host order.
    public let port: UInt16

    /// Joins an address and a port.
    @inlinable
    public init(_ ip: IPAddress, port: UInt16) {
        self.ip = ip
        self.port = port
    }

    /// The address family.
    @inlinable
    public var family: IPAddress.Family { ip.family }

    /// Whether both are the same value. (The compiler's own would not be inlined into the tables of other modules.)
    @inlinable
    public static func == (left: TransportAddress, right: TransportAddress) -> Bool {
        left.port == right.port && left.ip == right.ip
    }

    /// The same host at another port.
    package func with(port: UInt16) -> TransportAddress { TransportAddress(ip, port: port) }

    /// Parses `192.0.2.1:3478` or `[2001:db8::1]:3478`; a port is required.
    package init?(_ text: some StringProtocol) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let port = UInt16(digits)
        else { return nil }
        let host = text[..<colon]
        if host.first == "[", host.last == "]" {
            guard let ip = IPAddress(host.dropFirst().dropLast()), ip.family == .ipv6 else { return nil }
            self.init(ip, port: port)
        } else {
            guard let ip = IPAddress(host), ip.family == .ipv4 else { return nil }
            self.init(ip, port: port)
        }
    }
}

extension TransportAddress: CustomStringConvertible {
    /// `192.0.2.1:3478` or `[2001:db8::1]:3478`.
    public var description: String {
        family == .ipv4 ? "\(ip):\(port)" : "[\(ip)]:\(port)"
    }
}
