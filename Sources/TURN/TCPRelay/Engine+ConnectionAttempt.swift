package import Addressing
import STUN
package import Timing

extension Engine {
    /// Takes in a connection that a peer has opened to a relayed address (RFC 6062 §5.3), and tells the client of it. Nil
    /// when the peer has no permission or the allocation no room: the host then closes it at once, and nobody is told.
    package mutating func acceptConnection<Host: RelayHost & ~Copyable>(
        from source: TransportAddress, _ handle: PeerHandle, on allocation: AllocationID, now: Instant,
        host: inout Host
    ) -> ConnectionID? {
        guard allocations.isLive(allocation) else { return refuseConnection(.noAllocation) }
        let index = allocation.index
        let peer = settings.addressTranslation.peer(from: source)
        guard allocations.liveRelay(index, peer.family, now: now) != nil else {
            return refuseConnection(.noAllocation)
        }
        guard allocations.livePermission(index, peer: peer.ip, now: now) != nil, mayCome(peer, to: index) else {
            return refuseConnection(.noPermission)
        }
        closeConnections(of: index, now: now, host: &host) { $0.expiry <= now }
        guard hasRoomForConnection(in: index), !hasConnection(index, with: peer) else {
            return refuseConnection(.tooManyConnections)
        }
        let id = newConnectionID()
        insert(
            PeerConnection(
                id: id, allocation: index, peer: peer, handle: handle, stage: .pending,
                expiry: now.adding(seconds: settings.bindTimeoutSeconds), began: now))
        writer.begin(MessageType(.connectionAttempt, .indication), nextTransactionID())
        writer.add(.connectionID, id.rawValue)
        writer.add(.xorPeerAddress, xor: peer)
        finish(nil, hasFingerprint: false)
        host.deliver(writer.bytes, to: allocations[index].path)
        return id
    }

    /// A permission knows no port; where the peer is this server, only its relay ports count.
    private func mayCome(_ peer: TransportAddress, to index: UInt32) -> Bool {
        let policy = settings.peerPolicy(of: allocations.owner(of: index).quotaHolder.realm)
        switch policy.verdict(on: peer.ip, port: peer.port) {
        case .allowed, .allowedOnRelayPorts: return true
        case .denied: return false
        }
    }

    private mutating func refuseConnection(_ reason: DropReason) -> ConnectionID? {
        drops.count(reason)
        return nil
    }
}
