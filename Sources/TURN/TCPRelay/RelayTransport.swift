/// What an allocation speaks with its peers (REQUESTED-TRANSPORT, RFC 8656 §18.8). The numbers are those of IP.
package enum RelayTransport: UInt8, Sendable, BitwiseCopyable {
    /// Connections (RFC 6062).
    case tcp = 6
    /// Datagrams (RFC 8656).
    case udp = 17
}
