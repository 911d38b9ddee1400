package import Addressing
import Timing

/// A peer on the other side of a relay: a plain UDP socket.
package final class DatagramPeer {
    private let socket: ClientSocket

    /// A peer at an address; port 0 takes any.
    package init(at address: TransportAddress) throws(ClientError) {
        socket = try ClientSocket(.datagram, bind: address)
    }

    /// Where the peer is.
    package var address: TransportAddress { socket.localAddress }

    /// Sends a datagram.
    package func send(_ bytes: [UInt8], to destination: TransportAddress) throws(ClientError) {
        try socket.send(bytes, to: destination, until: ClientSocket.now.adding(seconds: 5))
    }

    /// The next datagram, and where it came from.
    package func receive(
        withinMilliseconds limit: UInt32 = 5000
    ) throws(ClientError) -> (bytes: [UInt8], source: TransportAddress) {
        try socket.receive(until: ClientSocket.now.adding(milliseconds: limit))
    }
}
