package import Addressing

/// What a worker needs to know beside the engine's settings.
package struct WorkerSettings: Sendable {
    /// Whether UDP clients may do without DTLS.
    package var servesPlainUDP = true
    /// Whether TCP clients may do without TLS.
    package var servesPlainTCP = true
    /// SO_RCVBUF and SO_SNDBUF of relay sockets; nil for the system's default.
    package var socketBufferBytes: Int?
    /// Whether clients are told of ICMP errors that their datagrams give rise to (`icmp`).
    package var reportsErrors = false
    /// How long a TCP client may stay without an allocation.
    package var idleConnectionSeconds: UInt32 = 60
    /// How long a TCP client may take for its first message, TLS handshake included.
    package var firstMessageSeconds: UInt32 = 10
    /// The longest message of a TCP client without an allocation.
    package var longestFirstMessage = 4096
    /// What may wait for a TCP client that reads slowly; beyond it datagrams are dropped.
    package var streamBacklogBytes = 256 * 1024
    /// Whose connections begin with the header of the PROXY protocol (`proxy-protocol-from`).
    package var proxies: [AddressRange] = []
    /// TCP connections of one source at a time (IPv6: of a /64); zero is no limit.
    package var connectionsPerSource = 0
    /// TCP connections without an allocation at a time; beyond it the oldest is given up.
    package var strangers = 10_000
    /// TLS handshakes under way at a time; beyond it the oldest is given up.
    package var concurrentHandshakes = 1024
    /// The same for all workers together: each handshake keeps up to 60 KB.
    static let concurrentHandshakesInAll = 2048

    /// The longest that packets wait for others under medium load, in nanoseconds; nil never to let them.
    package var moderationDelay: UInt64?

    /// The usual.
    package init() {}
}
