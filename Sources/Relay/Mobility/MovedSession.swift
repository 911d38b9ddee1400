import Addressing
import TURN
import Transport

/// An allocation on its way to another worker, with its sockets.
package struct MovedSession: Sendable {
    let allocation: MovedAllocation
    let sockets: [(family: IPAddress.Family, socket: UDPSocket)]
    /// What came by the new path and is to be served first.
    let packet: [UInt8]
}
