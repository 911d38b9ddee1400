package import Addressing
import STUN
package import Timing

extension Engine {
    /// Takes in an ICMP error for a datagram that went from a relay socket to `destination` (RFC 8656 §11.5). What the
    /// client is to be told is left in `reply`.
    ///
    /// The permission is that of the datagram's destination, not of whoever sent the error: routers need none, and nobody
    /// learns of a peer that is not permitted.
    ///
    /// - Returns: whom to tell; nil for nobody.
    package mutating func receiveError(
        _ error: ICMPError, from destination: TransportAddress, on allocation: AllocationID, now: Instant
    ) -> Client? {
        guard allocations.isLive(allocation), error.isTold(destination.family) else { return nil }
        let index = allocation.index
        let peer = settings.addressTranslation.peer(from: destination)
        guard allocations.liveRelay(index, peer.family, now: now) != nil,
            let slot = allocations.livePermission(index, peer: peer.ip, now: now),
            allocations.permissions[slot].reach == .everyPort || settings.peerPolicy.isRelayPort(peer.port)
        else { return nil }
        // The bucket goes with the place of the allocation: nobody chooses that.
        guard errorLimiter.take(UInt64(index), now: now) else {
            _ = drop(.tooManyErrors, on: index)
            return nil
        }
        writer.begin(MessageType(.data, .indication), nextTransactionID())
        writer.add(.xorPeerAddress, xor: peer)
        writer.add(.icmp, error.attributeValue)
        return Client(fiveTuple: allocations[index].fiveTuple, path: allocations[index].path)
    }
}

extension ICMPError {
    /// Whether RFC 8656 §11.5 has clients be told: what cannot be reached, what took too long, what is too big.
    fileprivate func isTold(_ family: IPAddress.Family) -> Bool {
        switch family {
        case .ipv4: type == 3 || type == 11
        case .ipv6: (1...3).contains(type)
        }
    }
}
