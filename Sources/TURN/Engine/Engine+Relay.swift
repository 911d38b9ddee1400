package import Addressing
import Cryptography
import STUN
package import Timing

// The relay path: look up, check, count, decide. Nothing here allocates, locks or touches a payload.

extension Engine {
    /// Takes in a ChannelData message from a client (RFC 8656 §12.6): one datagram, or one frame of a stream.
    package mutating func receiveChannelData(
        _ bytes: Span<UInt8>, from fiveTuple: FiveTuple, now: Instant
    ) -> ClientAction {
        guard let data = ChannelData(bytes) else { return drop(.malformed) }
        guard let index = allocations.find(fiveTuple) ?? arrive(by: fiveTuple, now: now) else {
            return drop(.noAllocation)
        }
        guard let slot = allocations.liveChannel(index, number: data.channel, now: now) else {
            return drop(.noChannel, on: index)
        }
        let peer = allocations.channels[slot].peer
        guard let relay = allocations.liveRelay(index, peer.family, now: now) else {
            return drop(.noAllocation, on: index)
        }
        guard !settings.strictPermissions || allocations.livePermission(index, peer: peer.ip, now: now) != nil else {
            return drop(.noPermission, on: index)
        }
        guard admits(data.length, .toPeer, of: index, now: now) else { return .none }
        allocations[index].traffic.countSent(data.length)
        return .relay(
            RelayedPayload(
                relay: relay, destination: allocations.channels[slot].destination,
                offset: data.payload.lowerBound, length: data.length, dontFragment: false))
    }

    /// Takes in a datagram that came to a relay socket of an allocation (RFC 8656 §11.3): `byteCount` bytes from `source`.
    package mutating func receiveFromPeer(
        _ source: TransportAddress, byteCount: Int, on allocation: AllocationID, now: Instant
    ) -> PeerAction {
        guard allocations.isLive(allocation) else {
            drops.count(.noAllocation)
            return .drop
        }
        let index = allocation.index
        let peer = settings.addressTranslation.peer(from: source)
        guard allocations.liveRelay(index, peer.family, now: now) != nil else {
            drops.count(.noAllocation)
            return .drop
        }
        if let slot = allocations.liveChannel(index, peer: peer, now: now),
            !settings.strictPermissions || allocations.livePermission(index, peer: peer.ip, now: now) != nil
        {
            guard admits(byteCount, .toClient, of: index, now: now) else { return .drop }
            allocations[index].traffic.countReceived(byteCount)
            return .channelData(
                allocations.channels[slot].number, to: allocations[index].path, allocations[index].fiveTuple)
        }
        guard let slot = allocations.livePermission(index, peer: peer.ip, now: now),
            allocations.permissions[slot].reach == .everyPort || settings.peerPolicy.isRelayPort(peer.port)
        else {
            _ = drop(.noPermission, on: index)
            return .drop
        }
        guard admits(byteCount, .toClient, of: index, now: now) else { return .drop }
        guard
            let indication = DataIndication(
                from: peer, payloadByteCount: byteCount, transactionID: nextTransactionID())
        else {
            _ = drop(.tooLarge, on: index)
            return .drop
        }
        allocations[index].traffic.countReceived(byteCount)
        return .dataIndication(indication, to: allocations[index].path, allocations[index].fiveTuple)
    }

    mutating func nextTransactionID() -> TransactionID {
        TransactionID(high: UInt32(truncatingIfNeeded: random.next()), low: random.next())
    }
}
