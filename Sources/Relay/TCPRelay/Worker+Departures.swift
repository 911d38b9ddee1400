import STUN
import TURN
import Timing
import Transport

// Connections of clients that go on elsewhere: at another worker, or joined with a peer's (RFC 6062 §5.4). What the client
// has sent already goes along.

extension Worker {
    /// Ends the service of a connection, which has somewhere to go or is closed.
    mutating func leave(_ index: UInt32) {
        guard let departure = exchange(&departure, with: nil) else { return closeConnection(index) }
        var unread = departure.unread + connections.takeInbound(index)
        guard let hasEnded = readAll(of: index, into: &unread) else { return abandon(departure, index) }
        do throws(SystemError) {
            try host.epoll.remove(connections[index].socket.descriptor)
        } catch {
            return abandon(departure, index)
        }
        let connection = connections.detach(index, unread: unread, hasEnded: hasEnded)
        switch departure.destination {
        case .worker(let worker): handOver(connection, to: worker)
        case .peer(let handle): join(connection, with: handle)
        }
    }

    /// Connections, and what their clients have sent, that may wait for another worker.
    private static var longestQueue: Int { 1024 }

    private mutating func handOver(_ connection: DetachedConnection, to worker: Int) {
        if workers[worker].post(.adopt(connection), limit: Self.longestQueue) { return }
        counters.shed += 1
        connection.close()
    }

    private mutating func abandon(_ departure: Departure, _ index: UInt32) {
        if case .peer(let handle) = departure.destination { endPeer(handle) }
        closeConnection(index)
    }

    /// Ends a peer's connection whose client could not be joined with it.
    private mutating func endPeer(_ handle: PeerHandle) {
        let id = host.dataConnections[host.dataConnections.index(of: handle)].id
        engine.endConnection(id, now: now.instant, host: &host)
    }

    /// Decrypts what has come of a connection with TLS, so that nothing of it stays on this worker's wire. True when the
    /// client has ended its session, nil when that is broken.
    private mutating func readAll(of index: UInt32, into unread: inout [UInt8]) -> Bool? {
        guard connections[index].kind == .tls else { return false }
        while true {
            makeRoom()
            let buffer = receives.count
            let result = connections.decrypt(index, into: &receives)
            if receives.count > buffer { unread += receives.bytes(buffer).copied() }
            switch result {
            case .full: continue
            case .drained: return false
            case .closed: return true
            case .failed: return nil
            }
        }
    }

    // MARK: - Beginning

    /// Notes that a ConnectionBind has succeeded, and sends the reply; the bytes in `rest` are the first for the peer. False
    /// because the connection is to leave.
    mutating func depart(to peer: PeerHandle, _ buffer: Int, _ rest: Range<Int>, of index: UInt32) -> Bool {
        let path = connections.path(to: index)
        writeReply(engine.reply, to: index)
        guard connections.index(for: path) != nil else {
            endPeer(peer)
            return true
        }
        departure = Departure(destination: .peer(peer), unread: receives.bytes(buffer, rest).copied())
        return false
    }

    /// Notes that a message, and all behind it, concerns another worker. False because the connection is to leave.
    ///
    /// It may do so once: each time all that its client has sent is copied and takes a place among the strangers of the other
    /// worker, and nobody is authenticated yet. One whose messages lead on and on is closed.
    mutating func depart(to worker: Int, _ buffer: Int, _ rest: Range<Int>, of index: UInt32) -> Bool {
        guard !connections[index].wasHandedOver else {
            host.noteRefusal(of: connections[index].fiveTuple.client, .handedOverTwice)
            return false
        }
        departure = Departure(destination: .worker(worker), unread: receives.bytes(buffer, rest).copied())
        return false
    }

    // MARK: - Arriving

    /// Takes over a connection that came to another worker, and serves what its client has sent.
    mutating func adopt(_ connection: DetachedConnection) {
        guard let index = connections.attach(connection, now: now.instant) else {
            counters.shed += 1
            return connection.close()
        }
        do throws(SystemError) {
            try host.epoll.add(connection.socket.descriptor, .read, token: connections.token(of: index))
        } catch {
            counters.shed += 1
            return connections.remove(index)
        }
        connections[index].timer = connections.timers.schedule(
            at: now.instant.adding(seconds: settings.idleConnectionSeconds), payload: UInt64(index))
        welcome(index)
        guard admit(index), connections[index].outbound.isEmpty || flush(index) else { return closeConnection(index) }
        serve(connection.unread, of: index)
    }

    private mutating func serve(_ bytes: [UInt8], of index: UInt32) {
        let path = connections.path(to: index)
        var rest = bytes[...]
        while !rest.isEmpty {
            makeRoom()
            let buffer = receives.count
            connections.take(&rest, for: index, into: &receives)
            guard serveOrKeepFrames(in: buffer, from: 0, of: index) else {
                departure?.unread += rest
                connections.wire.forgetInput()
                return leave(index)
            }
            guard connections.index(for: path) != nil else { return }
        }
    }
}
