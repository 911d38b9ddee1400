import Logging
import TURN
import Tables
import Transport

// Relay sockets that go from one worker to another.

extension WorkerHost {
    /// Gives a socket away: it stays open, and is not watched here any more.
    mutating func surrender(_ relay: RelayHandle) -> UDPSocket {
        let index = UInt32(truncatingIfNeeded: relay.rawValue)
        let socket = relays[index].socket
        relays.remove(index)
        try? epoll.remove(socket.descriptor)
        return socket
    }

    /// Takes a socket of another worker. One that cannot be watched is kept nevertheless: its allocation can still send, and
    /// ends in its time.
    mutating func receive(_ socket: UDPSocket, for allocation: AllocationID) -> RelayHandle {
        let index = relays.insert(RelaySocket(socket: socket, allocation: allocation))
        do throws(SystemError) {
            let token = WorkerToken.relay.token(index: index, generation: relays.generation(of: index))
            try epoll.add(socket.descriptor, .read, token: token)
        } catch {
            if let address = try? socket.localAddress() {
                noteError(error, "cannot watch a relay socket", at: address)
            }
        }
        return RelayHandle(rawValue: UInt64(index))
    }
}
