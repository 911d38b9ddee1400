import STUN
import TURN
import Timing
import Transport

// Allocations that go from one worker to another with their clients (RFC 8016); see Engine+Moving.

extension Worker {
    /// Messages that may wait for a worker before another one leaves it those of guests. Whoever has a ticket can send
    /// such messages in any number; like datagrams that find no room they are lost, and sent again.
    private static var longestQueue: Int { 512 }

    /// Sends a client's message to the worker that has what it is about.
    mutating func forward(_ buffer: Int, _ range: Range<Int>, of client: Client, to worker: Int) {
        guard workers.indices.contains(worker) else { return }
        let request = GuestRequest(message: receives.bytes(buffer, range).copied(), client: client, worker: index)
        post(.serve(request), to: worker)
    }

    private mutating func post(_ command: WorkerCommand, to worker: Int) {
        if !workers[worker].post(command, limit: Self.longestQueue) { counters.guestsLost += 1 }
    }

    /// Answers a client of another worker.
    mutating func serve(_ request: GuestRequest) {
        // Its path is another worker's.
        let guest = Client(fiveTuple: request.client.fiveTuple, path: .nowhere)
        let action = engine.receive(request.message.span, from: guest, now: now, host: &host)
        // What has moved on meanwhile is not followed: the client repeats its request, and it goes there at once.
        guard case .reply = action else { return }
        let announced = engine.announced(by: request.client.fiveTuple, now: now.instant)
        post(
            .passOn(GuestReply(message: engine.reply, client: request.client, announced: announced)),
            to: request.worker)
    }

    /// Gives a client what another worker answered.
    mutating func passOn(_ reply: GuestReply) {
        if let id = reply.announced { engine.expect(id, by: reply.client, now: now.instant) }
        deliver(reply.message, to: reply.client)
    }

    /// Claims the allocation that a packet is for, if another worker has it. The packet is served when it comes.
    mutating func claimAllocation(for buffer: Int, _ range: Range<Int>) {
        guard let claim = engine.takeClaim(), workers.indices.contains(claim.worker) else { return }
        workers[claim.worker].post(.give(claim, to: index, with: receives.bytes(buffer, range).copied()))
    }

    /// Gives an allocation to the worker where its client is now; or keeps it, if that one takes nothing any more.
    mutating func give(_ claim: MobilityClaim, to worker: Int, with packet: [UInt8]) {
        // What waits to leave by its sockets leaves before they belong to another thread.
        sends.flush(from: receives)
        guard let moved = engine.release(claim, now: now.instant, host: &host) else { return }
        let sockets = moved.relays.map { (family: $0.family, socket: host.surrender($0.handle)) }
        let session = MovedSession(allocation: moved, sockets: sockets, packet: packet)
        let isGiven = engine.resources.mobility.move(claim.id, to: UInt32(worker)) {
            workers[worker].post(.take(session))
        }
        if !isGiven { take(session) }
    }

    /// Takes an allocation over from another worker, and serves the packet that claimed it.
    mutating func take(_ session: MovedSession) {
        let id = engine.install(session.allocation, now: now.instant)
        let relays = session.sockets.map { (family: $0.family, handle: host.receive($0.socket, for: id)) }
        engine.attach(relays, to: id, now: now, host: &host)
        let client = session.allocation.client
        guard engine.hasAllocation(client.fiveTuple) else { return }
        makeRoom()
        let buffer = receives.fill { output in
            for byte in session.packet where !output.isFull { output.append(byte) }
        }
        guard let buffer else { return }
        if client.fiveTuple.transport == .dtls {
            guard let index = datagramSessions.find(client.fiveTuple) else { return }
            serveMessage(buffer, 0..<receives.byteCount(buffer), from: datagramSessions[index], index)
        } else {
            receiveFromClient(buffer, 0..<receives.byteCount(buffer), client.fiveTuple, over: client.path.index)
        }
    }
}
