import Addressing
import STUN
import Timing

extension Engine {
    /// CreatePermission: lets peers send to the client and be sent to (RFC 8656 §10.2). All of them or none.
    mutating func createPermission<Host: RelayHost & ~Copyable>(
        _ request: borrowing Request, by user: Identity, host: inout Host
    ) throws(Refusal) {
        let index = try allocation(of: request, by: user, host: &host)
        var permitted: [(peer: IPAddress, onRelayPortsOnly: Bool)] = []
        for peer in try peers(of: request) {
            let onRelayPortsOnly = try judge(peer, port: nil, for: request, index, by: user, host: &host)
            if !permitted.contains(where: { $0.peer == peer }) { permitted.append((peer, onRelayPortsOnly)) }
        }
        let now = request.now.instant
        let added = permitted.count { allocations.livePermission(index, peer: $0.peer, now: now) == nil }
        try makeRoomForPermissions(added, in: index, now: now, host: &host)
        for (peer, onRelayPortsOnly) in permitted {
            permit(
                peer, onRelayPortsOnly: onRelayPortsOnly, in: index, seconds: settings.permissionLifetimeSeconds, now)
        }
        armTimer(of: index)
        offloadChannels(of: index, now: now, host: &host)
        beginSuccess(request)
    }

    /// The addresses of all XOR-PEER-ADDRESS attributes, at least one. Their ports do not matter.
    private func peers(of request: borrowing Request) throws(Refusal) -> [IPAddress] {
        var peers: [IPAddress] = []
        var offset = WireFormat.headerByteCount
        while let attribute = request.message.nextAttribute(&offset) {
            guard attribute.type == .xorPeerAddress else { continue }
            guard let peer = request.message.xorAddress(at: attribute) else { throw Refusal(.badRequest) }
            peers.append(peer.ip)
        }
        guard !peers.isEmpty else { throw Refusal(.badRequest) }
        return peers
    }

    /// Asks the policy about a peer. True when only its relay ports may be reached.
    func judge<Host: RelayHost & ~Copyable>(
        _ peer: IPAddress, port: UInt16?, for request: borrowing Request, _ index: UInt32, by user: Identity,
        host: inout Host
    ) throws(Refusal) -> Bool {
        guard allocations.liveRelay(index, peer.family, now: request.now.instant) != nil else {
            throw Refusal(.peerAddressFamilyMismatch)
        }
        switch settings.peerPolicy(of: user.quotaHolder.realm).verdict(on: peer, port: port) {
        case .allowed: return false
        case .allowedOnRelayPorts: return true
        case .denied(let rule):
            host.note(.peerDenied(request.client.fiveTuple, username: user.username, peer: peer, rule))
            throw Refusal(.forbidden)
        }
    }

    /// 508 unless `added` more live permissions fit; expired ones make room.
    mutating func makeRoomForPermissions<Host: RelayHost & ~Copyable>(
        _ added: Int, in index: UInt32, now: Instant, host: inout Host
    ) throws(Refusal) {
        if allocations[index].permissionCount + added > settings.maximumPermissions {
            removeEntries(of: index, now: now, host: &host) { expiry, _ in expiry <= now }
        }
        guard allocations[index].permissionCount + added <= settings.maximumPermissions else {
            throw Refusal(.insufficientCapacity)
        }
    }

    /// What a permission of an allocation lets through.
    func reach(onRelayPortsOnly: Bool, in index: UInt32) -> Permission.Reach {
        switch allocations[index].relayTransport {
        case .udp: onRelayPortsOnly ? .relayPortsOnly : .everyPort
        case .tcp: .noDatagrams
        }
    }

    /// Installs a permission or prolongs it; it never gets shorter.
    mutating func permit(
        _ peer: IPAddress, onRelayPortsOnly: Bool, in index: UInt32, seconds: UInt32, _ now: Instant
    ) {
        let expiry = now.adding(seconds: seconds)
        let reach = reach(onRelayPortsOnly: onRelayPortsOnly, in: index)
        guard let slot = allocations.permissions.find(allocation: index, peer: peer) else {
            return allocations.insert(
                Permission(
                    allocation: index, peer: peer, expiry: expiry, reach: reach))
        }
        allocations.permissions[slot].expiry = max(allocations.permissions[slot].expiry, expiry)
        allocations.permissions[slot].reach = reach
    }
}
