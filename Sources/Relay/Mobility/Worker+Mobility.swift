import STUN
import TURN
import Timing
import Transport

// Allocations that go from one worker to another with their clients (RFC 8016); see Engine+Moving.

extension Worker {
    /// Sends a client's message to the worker that has what it is about.
    mutating func forward(_ buffer: Int, _ range: Range<Int>, of client: Client, to worker: Int) {
        guard workers.indices.contains(worker) else { return }
        let request = GuestRequest(message: receives.bytes(buffer, range).copied(), client: client, worker: index)
        workers[worker].post(.serve(request))
    }

    /// Answers a client of another worker.
    mutating func serve(_ request: GuestRequest) {
        let action = engine.receive(request.message.span, from: request.client, now: now, host: &host)
        // What has moved on meanwhile is not followed: the client repeats its request, and it goes there at once.
        guard case .reply = action else { return }
        let (client, worker) = (request.client, index)
        let announced = engine.announced(by: client.fiveTuple).map { id in
            MobilityClaim(id: id, worker: worker, client: client)
        }
        workers[request.worker].post(
            .passOn(GuestReply(message: engine.reply, client: client, announced: announced)))
    }

    /// Gives a client what another worker answered.
    mutating func passOn(_ reply: GuestReply) {
        if let claim = reply.announced { engine.expect(claim, now: now.instant) }
        deliver(reply.message, to: reply.client)
    }

    /// Claims the allocation that a packet is for, if another worker has it. The packet is served when it comes.
    mutating func claimAllocation(for buffer: Int, _ range: Range<Int>) {
        guard let claim = engine.takeClaim(), workers.indices.contains(claim.worker) else { return }
        workers[claim.worker].post(.give(claim, to: index, with: receives.bytes(buffer, range).copied()))
    }

    /// Gives an allocation to the worker where its client is now.
    mutating func give(_ claim: MobilityClaim, to worker: Int, with packet: [UInt8]) {
        // What waits to leave by its sockets leaves before they belong to another thread.
        sends.flush(from: receives)
        guard let moved = engine.release(claim, now: now.instant, host: &host) else { return }
        let sockets = moved.relays.map { (family: $0.family, socket: host.surrender($0.handle)) }
        // In this order: whoever reads in the directory where it is finds that worker told of it.
        workers[worker].post(.take(MovedSession(allocation: moved, sockets: sockets, packet: packet)))
        engine.resources.mobility.enter(claim.id, worker: UInt32(worker))
    }

    /// Takes an allocation over from another worker.
    mutating func take(_ session: MovedSession) {
        guard let id = engine.install(session.allocation) else {
            for each in session.sockets { each.socket.close() }
            return
        }
        for each in session.sockets {
            engine.attach(host.receive(each.socket, for: id), each.family, to: id)
        }
        makeRoom()
        let buffer = receives.fill { output in
            for byte in session.packet where !output.isFull { output.append(byte) }
        }
        guard let buffer else { return }
        let client = session.allocation.client
        if client.fiveTuple.transport == .dtls {
            guard let index = datagramSessions.find(client.fiveTuple) else { return }
            serveMessage(buffer, 0..<receives.byteCount(buffer), from: datagramSessions[index], index)
        } else {
            receiveFromClient(buffer, 0..<receives.byteCount(buffer), client.fiveTuple, over: client.path.index)
        }
    }
}
