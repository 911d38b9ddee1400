import Addressing
import TURN
import Tables
import Timing
import Transport

// Connections with peers: they come, or are begun; and once they are joined with a client's, bytes move both ways.

extension Worker {
    /// Connections accepted in one turn from one relayed address.
    private static var peersPerTurn: Int { 16 }

    mutating func acceptPeers(_ token: EventToken) {
        guard let listener = host.listener(for: token) else { return }
        for _ in 0..<Self.peersPerTurn {
            switch listener.socket.accept(reserve: &reserve) {
            case .accepted(let socket, let source): admit(socket, source, on: listener.allocation)
            case .shed: counters.peersRefused += 1
            case .nothing: return
            case .failed: return pauseAccepting()
            }
        }
    }

    private mutating func admit(_ socket: TCPSocket, _ source: TransportAddress, on allocation: AllocationID) {
        let handle = host.dataConnections.insert(DataConnection(peer: socket, stage: .pending))
        let id = engine.acceptConnection(from: source, handle, on: allocation, now: now.instant, host: &host)
        guard let id else {
            counters.peersRefused += 1
            return host.closePeer(handle)
        }
        host.dataConnections[host.dataConnections.index(of: handle)].id = id
        counters.peersAccepted += 1
    }

    mutating func serveDataConnection(_ event: Epoll.Event) {
        guard let index = host.dataConnections.index(for: event.token) else { return }
        switch host.dataConnections[index].stage {
        case .connecting: finishConnecting(index)
        case .pending: break
        case .joined: pump(index, hasFailed: event.hasFailed)
        }
    }

    private mutating func finishConnecting(_ index: UInt32) {
        let connection = host.dataConnections[index]
        var succeeded = connection.peer.pendingError() == nil
        // Until its client comes nobody looks at it: what the peer sends waits in the kernel.
        do throws(SystemError) { try host.epoll.remove(connection.peer.descriptor) } catch { succeeded = false }
        host.dataConnections[index].stage = .pending
        if succeeded { counters.peersConnected += 1 }
        engine.connectEnded(connection.id, succeeded: succeeded, now: now.instant, host: &host)
    }

    // MARK: - Joined

    /// Joins a client's connection with a peer's.
    mutating func join(_ client: DetachedConnection, with handle: PeerHandle) {
        let index = host.dataConnections.index(of: handle)
        let id = host.dataConnections[index].id
        guard host.dataConnections.join(index, with: client), prepare(index), host.watchJoined(index) else {
            return engine.endConnection(id, now: now.instant, host: &host)
        }
        counters.connectionsJoined += 1
    }

    private func prepare(_ index: UInt32) -> Bool {
        let connection = host.dataConnections[index]
        do throws(SystemError) {
            try connection.peer.setNoDelay()
            try connection.peer.setKeepAlive()
            try connection.client.setKeepAlive()
            return true
        } catch {
            return false
        }
    }

    /// Moves bytes both ways. A connection that has failed is over when what the kernel held of it has been passed on.
    private mutating func pump(_ index: UInt32, hasFailed: Bool) {
        let id = host.dataConnections[index].id
        var outcome = host.dataConnections.pump(index, room: engine.room(over: id, now: now.instant))
        let counts = host.dataConnections.takeCounts(of: index)
        engine.countRelayed(sent: counts.sent, received: counts.received, over: id, now: now.instant)
        if hasFailed, case .waits = outcome { outcome = .broken }
        switch outcome {
        case .waits: break
        case .goesOn: host.watchAgain(index)
        case .paced: pace(index)
        case .over: engine.endConnection(id, now: now.instant, host: &host)
        case .broken:
            // Neither side shall take it for an end.
            host.dataConnections[index].peer.resetOnClose()
            host.dataConnections[index].client.resetOnClose()
            engine.endConnection(id, now: now.instant, host: &host)
        }
    }

    /// How long a connection waits that has used up its room.
    private static var paceMilliseconds: UInt32 { 20 }

    private mutating func pace(_ index: UInt32) {
        guard !host.dataConnections[index].isPaced else { return }
        host.dataConnections[index].isPaced = true
        host.dataConnections.paced.append(host.dataConnections.token(.peer, of: index))
        hastenSweep(to: now.instant.adding(milliseconds: Self.paceMilliseconds))
    }

    /// Has the loop try again the connections that wait for room. Those that still have none wait again.
    mutating func resumePaced() {
        guard !host.dataConnections.paced.isEmpty else { return }
        for token in exchange(&host.dataConnections.paced, with: []) {
            guard let index = host.dataConnections.index(for: token) else { continue }
            host.dataConnections[index].isPaced = false
            host.watchAgain(index)
        }
    }

    // MARK: - Messages

    /// Sends what the engine has to say beside its replies.
    mutating func deliverMessages() {
        guard !host.messages.isEmpty else { return }
        for (bytes, path) in host.takeMessages() {
            guard path.isConnection, let index = connections.index(for: path) else { continue }
            writeReply(bytes, to: index)
        }
    }
}
