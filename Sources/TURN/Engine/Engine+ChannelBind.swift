import Addressing
import STUN
import Timing

extension Engine {
    /// ChannelBind: gives a peer a number, so that data to and from it costs four bytes of header (RFC 8656 §12.2).
    mutating func channelBind<Host: RelayHost & ~Copyable>(
        _ request: borrowing Request, by user: Identity, host: inout Host
    ) throws(Refusal) {
        let index = try allocation(of: request, by: user)
        let number = try request.message.channelNumber.required()
        let peer = try request.message.peerAddress.required()
        guard settings.channelNumbers.contains(number.rawValue), peer.port != 0 else { throw Refusal(.badRequest) }
        let onRelayPortsOnly = try judge(peer.ip, port: peer.port, for: request, index, by: user, host: &host)
        let now = request.now.instant
        if try !rebind(number, to: peer, in: index, now: now) {
            try makeRoomForChannel(in: index, now: now)
            let isNewPeer = allocations.permissions.find(allocation: index, peer: peer.ip) == nil
            try makeRoomForPermissions(isNewPeer ? 1 : 0, in: index, now: now)
            allocations.insert(
                ChannelBinding(
                    allocation: index, number: number, peer: peer,
                    destination: settings.addressTranslation.destination(for: peer),
                    expiry: now.adding(seconds: settings.channelLifetimeSeconds)))
        }
        permit(peer.ip, onRelayPortsOnly: onRelayPortsOnly, in: index, seconds: impliedPermissionSeconds, now)
        armTimer(of: index)
        beginSuccess(request)
    }

    /// RFC 8656 §9 gives every permission 300 seconds. aioice binds again only after 500 and never sends CreatePermission,
    /// so unless told to be strict a permission made by a channel lasts as long as the channel.
    private var impliedPermissionSeconds: UInt32 {
        settings.strictPermissions
            ? settings.permissionLifetimeSeconds
            : max(settings.permissionLifetimeSeconds, settings.channelLifetimeSeconds)
    }

    /// Prolongs the binding of this very pair. False when neither number nor peer is bound; 400 when one of them is bound
    /// to something else.
    private mutating func rebind(
        _ number: ChannelNumber, to peer: TransportAddress, in index: UInt32, now: Instant
    ) throws(Refusal) -> Bool {
        let byNumber = allocations.liveChannel(index, number: number, now: now)
        let byPeer = allocations.liveChannel(index, peer: peer, now: now)
        guard byNumber == byPeer else { throw Refusal(.badRequest) }
        guard let slot = byNumber else {
            // An expired binding of the number or the peer may still stand in the table.
            allocations.removeEntries(of: index) { expiry, _ in expiry <= now }
            return false
        }
        allocations.channels[slot].expiry = now.adding(seconds: settings.channelLifetimeSeconds)
        return true
    }

    private func makeRoomForChannel(in index: UInt32, now: Instant) throws(Refusal) {
        // Expired ones were removed by `rebind`.
        guard allocations[index].channelCount < settings.maximumChannels else { throw Refusal(.insufficientCapacity) }
    }
}
