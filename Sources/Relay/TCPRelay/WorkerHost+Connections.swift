package import Addressing
import Logging
package import TURN
import Tables
import Transport

// The engine's world of connections: relayed addresses that listen, and connections with peers.

extension WorkerHost {
    mutating func openListener(at address: TransportAddress, for allocation: AllocationID) -> RelayOpening {
        let socket: TCPListener
        do throws(SystemError) {
            // Nobody else has the port before it is shared: not the server's own listeners, which share theirs.
            socket = try TCPListener(boundTo: address, sharesPort: false, backlog: Self.peerBacklog)
        } catch {
            if error.isAddressInUse { return .addressInUse }
            noteError(error, "cannot open a relay socket", at: address)
            return .failed
        }
        let index = listeners.insert(RelayListener(socket: socket, allocation: allocation))
        do throws(SystemError) {
            try socket.sharePortWithConnections()
            try epoll.add(socket.descriptor, .read, token: listenerToken(of: index))
        } catch {
            listeners.remove(index)
            socket.close()
            noteError(error, "cannot watch a relay socket", at: address)
            return .failed
        }
        return .opened(RelayHandle(listener: index))
    }

    /// Connections of peers that may wait to be accepted.
    private static var peerBacklog: Int { 64 }

    mutating func closeListener(_ index: UInt32) {
        listeners[index].socket.close()
        listeners.remove(index)
    }

    /// The listener that an epoll event belongs to, unless it was closed since.
    func listener(for token: EventToken) -> RelayListener? {
        guard listeners.isLive(token.index), token.isCurrent(listeners.generation(of: token.index)) else { return nil }
        return listeners[token.index]
    }

    /// Watches all relayed addresses for connections, or leaves them alone.
    mutating func watchListeners(_ interest: Epoll.Interest) {
        for index in 0..<UInt32(listeners.slotCount) where listeners.isLive(index) {
            // Modifying what is watched already needs no memory and no descriptor.
            try? epoll.modify(listeners[index].socket.descriptor, interest, token: listenerToken(of: index))
        }
    }

    private func listenerToken(of index: UInt32) -> EventToken {
        WorkerToken.relayListener.token(index: index, generation: listeners.generation(of: index))
    }

    // MARK: - Connections

    package mutating func connect(
        from relayed: TransportAddress, to peer: TransportAddress, for connection: ConnectionID
    ) -> PeerHandle? {
        guard let socket = try? TCPSocket(connectingTo: peer, from: relayed, sharesPort: true) else { return nil }
        let handle = dataConnections.insert(DataConnection(peer: socket, id: connection, stage: .connecting))
        let token = dataConnections.token(.peer, of: dataConnections.index(of: handle))
        do throws(SystemError) {
            try epoll.add(socket.descriptor, .write, token: token)
            return handle
        } catch {
            closePeer(handle)
            return nil
        }
    }

    package mutating func closePeer(_ peer: PeerHandle) {
        dataConnections.remove(dataConnections.index(of: peer))
    }

    package mutating func deliver(_ message: [UInt8], to client: ClientPath) {
        messages.append((message, client))
    }

    /// Takes the messages that clients are to get.
    mutating func takeMessages() -> [(bytes: [UInt8], path: ClientPath)] {
        messages.isEmpty ? [] : exchange(&messages, with: [])
    }

    /// Watches both sockets of a connection that was just joined. False when there is no memory for it.
    mutating func watchJoined(_ index: UInt32) -> Bool {
        let connection = dataConnections[index]
        do throws(SystemError) {
            try epoll.add(connection.peer.descriptor, .bothWays, token: dataConnections.token(.peer, of: index))
            try epoll.add(connection.client.descriptor, .bothWays, token: dataConnections.token(.dataClient, of: index))
            return true
        } catch {
            return false
        }
    }

    /// Has the loop report a joined connection once more in its next turn.
    mutating func watchAgain(_ index: UInt32) {
        // Modifying what is watched already needs no memory and no descriptor.
        try? epoll.modify(
            dataConnections[index].peer.descriptor, .bothWays, token: dataConnections.token(.peer, of: index))
    }
}

extension Epoll.Interest {
    fileprivate static let bothWays: Epoll.Interest = [.read, .write, .changes]
}

extension RelayHandle {
    private static let listenerFlag: UInt64 = 1 << 63

    /// A relayed address that listens.
    init(listener: UInt32) {
        self.init(rawValue: Self.listenerFlag | UInt64(listener))
    }

    /// The listener's place in the worker's table; nil for a socket of datagrams.
    var listener: UInt32? {
        rawValue & Self.listenerFlag == 0 ? nil : UInt32(truncatingIfNeeded: rawValue)
    }
}
