package import Addressing
package import Transport

/// A UDP socket on which a worker hears clients.
package struct DatagramListener: Sendable, BitwiseCopyable {
    /// The socket, shared with the other workers by SO_REUSEPORT.
    package let socket: UDPSocket
    /// Where it is bound; the address may be the unspecified one.
    package let address: TransportAddress

    /// The address a datagram was sent to: the server's end of the 5-tuple.
    func serverAddress(reported: IPAddress?) -> TransportAddress {
        TransportAddress(reported ?? address.ip, port: address.port)
    }

    /// The source that a reply must be given so that it leaves from the address that was asked (RFC 8489 §6.3.1.2).
    func replySource(_ server: TransportAddress) -> IPAddress? {
        address.ip.isUnspecified ? server.ip : nil
    }
}
