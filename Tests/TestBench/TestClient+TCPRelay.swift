package import Addressing
package import STUN
package import TURN
import Timing

// RFC 6062 from the side of a client, and of the world.

extension TestClient {
    /// Allocate with REQUESTED-TRANSPORT for TCP.
    package func allocateTCP(_ body: (inout MessageWriter) -> Void = { _ in }) throws -> Reply {
        try request(.allocate) { writer in
            writer.add(.requestedTransport, UInt32(6 << 24))
            body(&writer)
        }
    }

    /// Allocate for TCP that must succeed; gives back the relayed address.
    package func relayedTCP() throws -> TransportAddress {
        let reply = try allocateTCP()
        guard reply.isSuccess, let relayed = reply.relayed.first else { throw NoReply(outcome: .reply(reply)) }
        return relayed
    }

    /// Connect; a reply at once is an error, silence means that it comes later.
    package func connect(to peer: String) -> Outcome {
        send(message(.connect) { $0.add(.xorPeerAddress, xor: Bench.address(peer)) })
    }

    /// ConnectionBind.
    package func bind(_ id: ConnectionID) throws -> Outcome {
        if nonce == nil { try takeNonce() }
        return send(message(.connectionBind) { $0.add(.connectionID, id.rawValue) })
    }
}

extension Bench {
    /// The connection of the host that leads to a peer.
    package func peer(at address: String) -> (handle: PeerHandle, id: ConnectionID?)? {
        host.peers.first { $0.value.remote == Self.address(address) }.map { ($0.key, $0.value.connection) }
    }

    /// Lets the connection that a Connect asked for come about, or fail; what comes out is the reply.
    package func endConnect(to address: String, succeeded: Bool = true) -> Reply? {
        guard let id = peer(at: address)?.id else { return nil }
        engine.connectEnded(id, succeeded: succeeded, now: now.instant, host: &host)
        return deliveredReply
    }

    /// A peer opens a connection to a relayed address; what comes out is the id, and what the client hears.
    package func open(from address: String, to relayed: TransportAddress) -> (id: ConnectionID, attempt: Reply)? {
        guard let relay = host.handle(at: relayed), let socket = host.sockets[relay], socket.transport == .tcp else {
            return nil
        }
        let source = Self.address(address)
        let handle = host.accept(from: source)
        guard
            let id = engine.acceptConnection(from: source, handle, on: socket.allocation, now: now.instant, host: &host)
        else {
            host.closePeer(handle)
            return nil
        }
        return deliveredReply.map { (id, $0) }
    }

    /// The one message that was delivered since the last look.
    package var deliveredReply: Reply? {
        let delivered = host.takeDelivered()
        return delivered.count == 1 ? Reply(delivered[0].message) : nil
    }
}

extension Reply {
    /// CONNECTION-ID.
    package var connectionID: ConnectionID? {
        value(.connectionID).flatMap { value in
            value.count == 4 ? ConnectionID(rawValue: value.reduce(0) { $0 << 8 | UInt32($1) }) : nil
        }
    }
}
