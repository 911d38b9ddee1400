package import Addressing
package import Transport

/// A TCP socket on which a worker accepts clients.
package struct StreamListener: Sendable, BitwiseCopyable {
    /// The socket, shared with the other workers by SO_REUSEPORT.
    package let socket: TCPListener
    /// Where it is bound.
    package let address: TransportAddress
    /// Whether every connection begins with the header of the PROXY protocol (`tcp-proxy-port`).
    package var speaksProxy = false
}
