import Addressing
import STUN
import Timing

extension Engine {
    /// ChannelBind: gives a peer a number, so that data to and from it costs four bytes of header (RFC 8656 §12.2).
    mutating func channelBind<Host: RelayHost & ~Copyable>(
        _ request: borrowing Request, by user: Identity, host: inout Host
    ) throws(Refusal) {
        let index = try allocation(of: request, by: user, host: &host)
        // RFC 6062 §3: there are no channels where connections are relayed.
        guard allocations[index].relayTransport == .udp else { throw Refusal(.badRequest) }
        let number = try request.message.channelNumber.required()
        let peer = try request.message.peerAddress.required()
        guard settings.channelNumbers.contains(number.rawValue), peer.port != 0 else { throw Refusal(.badRequest) }
        let onRelayPortsOnly = try judge(peer.ip, port: peer.port, for: request, index, by: user, host: &host)
        let now = request.now.instant
        let bound = try binding(of: number, to: peer, in: index, now: now, host: &host)
        if bound == nil { try makeRoomForChannel(in: index) }
        let isPermitted = allocations.livePermission(index, peer: peer.ip, now: now) != nil
        try makeRoomForPermissions(isPermitted ? 0 : 1, in: index, now: now, host: &host)
        let expiry = now.adding(seconds: settings.channelLifetimeSeconds)
        if let bound {
            allocations.channels[bound].expiry = expiry
        } else {
            allocations.insert(
                ChannelBinding(
                    allocation: index, number: number, peer: peer,
                    destination: settings.addressTranslation.destination(for: peer), expiry: expiry))
        }
        permit(peer.ip, onRelayPortsOnly: onRelayPortsOnly, in: index, seconds: impliedPermissionSeconds, now)
        armTimer(of: index)
        offloadChannels(of: index, now: now, host: &host)
        beginSuccess(request)
    }

    /// RFC 8656 §9 gives every permission 300 seconds. aioice binds again only after 500 and never sends CreatePermission,
    /// so unless told to be strict a permission made by a channel lasts as long as the channel.
    private var impliedPermissionSeconds: UInt32 {
        settings.strictPermissions
            ? settings.permissionLifetimeSeconds
            : max(settings.permissionLifetimeSeconds, settings.channelLifetimeSeconds)
    }

    /// The live binding of this very pair. Nil when neither number nor peer is bound; 400 when one of them is bound to
    /// something else.
    private mutating func binding<Host: RelayHost & ~Copyable>(
        of number: ChannelNumber, to peer: TransportAddress, in index: UInt32, now: Instant, host: inout Host
    ) throws(Refusal) -> UInt32? {
        let byNumber = allocations.liveChannel(index, number: number, now: now)
        let byPeer = allocations.liveChannel(index, peer: peer, now: now)
        guard byNumber == byPeer else { throw Refusal(.badRequest) }
        // An expired binding of the number or the peer may still stand in the table.
        if byNumber == nil { removeEntries(of: index, now: now, host: &host) { expiry, _ in expiry <= now } }
        return byNumber
    }

    private func makeRoomForChannel(in index: UInt32) throws(Refusal) {
        // Expired ones were removed by `binding`.
        guard allocations[index].channelCount < settings.maximumChannels else { throw Refusal(.insufficientCapacity) }
    }
}
