package import Addressing

/// The header of the PROXY protocol, with which a load balancer says for whom it opened a TCP connection
/// (https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt). It comes once, before the first byte of anything else,
/// TLS included.
///
/// Whether one comes is agreed with the sender and never guessed: whoever may send a header may claim any address.
package enum ProxyHeader: Equatable, Sendable {
    /// A whole header: what the proxy says, and where the bytes of the client begin.
    case complete(Statement, byteCount: Int)
    /// It may become a header, and is not all there.
    case incomplete
    /// It is no header, or one of something else than a TCP connection over IP.
    case invalid

    /// What a proxy says about a connection.
    package enum Statement: Equatable, Sendable {
        /// It carries a client's connection.
        case proxied(client: TransportAddress, server: TransportAddress)
        /// The proxy speaks for itself, such as to see whether we live, or does not know: the real addresses count.
        case local
    }

    /// The longest header that is read. Version 1 has at most 107 bytes, version 2 adds what it likes to the addresses: a
    /// certificate's subject is long, a whole chain is nobody's business here.
    package static let maximumByteCount = 4096

    /// Looks at the beginning of a connection.
    package init(_ bytes: Span<UInt8>) {
        guard !bytes.isEmpty else {
            self = .incomplete
            return
        }
        self = bytes[0] == BinaryProxyHeader.signature[0] ? BinaryProxyHeader.read(bytes) : TextProxyHeader.read(bytes)
    }

    /// Whether bytes begin as a signature does, as far as both go.
    static func begins(_ bytes: Span<UInt8>, with signature: [UInt8]) -> Bool {
        for index in 0..<min(bytes.count, signature.count) where bytes[index] != signature[index] { return false }
        return true
    }

    /// What was said about two addresses. An IPv4 client of an IPv6 listener comes as `::ffff:a.b.c.d`, and is an IPv4
    /// client.
    static func statement(_ client: TransportAddress, _ server: TransportAddress) -> Statement {
        .proxied(
            client: TransportAddress(client.ip.canonical, port: client.port),
            server: TransportAddress(server.ip.canonical, port: server.port))
    }
}
