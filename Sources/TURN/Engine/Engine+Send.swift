import Addressing
import STUN
import Timing

extension Engine {
    /// Send: a datagram for a peer inside a STUN indication (RFC 8656 §11.2). Firefox sends all its media so. Whatever is
    /// wrong, there is no answer.
    mutating func send<Host: RelayHost & ~Copyable>(
        _ message: borrowing MessageReader, from client: Client, now: Instant, host: inout Host
    ) -> ClientAction {
        guard message.unknownRequiredAttributes.isEmpty else { return drop(.unknownAttribute) }
        guard let location = message.locate(.xorPeerAddress) else {
            // pjnath keeps its path alive with a Send that names no peer.
            return drop(message.contains(.data) ? .keepAlive : .malformed)
        }
        guard let peer = message.xorAddress(at: location), let data = message.locate(.data) else {
            return drop(.malformed)
        }
        guard let index = allocations.find(client.fiveTuple) ?? arrive(by: client.fiveTuple, now: now) else {
            return drop(.noAllocation)
        }
        guard let relay = allocations.liveRelay(index, peer.family, now: now) else {
            return drop(.wrongFamily, on: index)
        }
        guard let slot = allocations.livePermission(index, peer: peer.ip, now: now) else {
            return drop(.noPermission, on: index)
        }
        guard mayReach(peer.port, by: slot) else { return drop(.deniedPort, on: index) }
        guard admits(data.length, .toPeer, of: index, now: now) else { return .none }
        allocations[index].traffic.countSent(data.length)
        return .relay(
            RelayedPayload(
                relay: relay, destination: settings.addressTranslation.destination(for: peer),
                offset: data.value.lowerBound, length: data.length, dontFragment: message.contains(.dontFragment)))
    }

    /// Whether a permission covers a port: every one but 0, those of the relay range where the peer is this server, or none
    /// where connections are relayed.
    private func mayReach(_ port: UInt16, by slot: UInt32) -> Bool {
        switch allocations.permissions[slot].reach {
        case .everyPort: port != 0
        case .relayPortsOnly: settings.peerPolicy.isRelayPort(port)
        case .noDatagrams: false
        }
    }
}
