import Addressing
import STUN
package import Timing

extension Engine {
    /// Connect: opens a connection from the relayed address to a peer (RFC 6062 §5.2). The answer comes when the peer has
    /// answered, or the time is over.
    mutating func connect<Host: RelayHost & ~Copyable>(
        _ request: borrowing Request, by user: Identity, host: inout Host
    ) throws(Refusal) {
        let index = try allocation(of: request, by: user, host: &host)
        guard allocations[index].relayTransport == .tcp else { throw Refusal(.badRequest) }
        let peer = try request.message.peerAddress.required()
        guard peer.port != 0 else { throw Refusal(.badRequest) }
        let now = request.now.instant
        closeConnections(of: index, now: now, host: &host) { $0.expiry <= now }
        guard !hasConnection(index, with: peer) else { throw Refusal(.connectionAlreadyExists) }
        try judgeConnection(to: peer, for: request, index, by: user, host: &host)
        guard connectLimiter.admits(user.quotaHolder, now: now), hasRoomForConnection(in: index) else {
            throw Refusal(.insufficientCapacity)
        }
        try open(to: peer, for: request, index, by: user, host: &host)
    }

    /// Asks the policy about a peer's address and port. Connections get further than datagrams: to everything that speaks
    /// HTTP, say. So the well-known ports are apart, and an allocation does not connect to itself.
    private func judgeConnection<Host: RelayHost & ~Copyable>(
        to peer: TransportAddress, for request: borrowing Request, _ index: UInt32, by user: Identity,
        host: inout Host
    ) throws(Refusal) {
        _ = try judge(peer.ip, port: peer.port, for: request, index, by: user, host: &host)
        guard peer.port >= settings.lowestPeerPort else {
            host.note(.peerDenied(request.client.fiveTuple, username: user.username, peer: peer.ip, .lowPort))
            throw Refusal(.forbidden)
        }
        guard allocations[index][peer.family]?.advertised != peer else { throw Refusal(.forbidden) }
    }

    private mutating func open<Host: RelayHost & ~Copyable>(
        to peer: TransportAddress, for request: borrowing Request, _ index: UInt32, by user: Identity,
        host: inout Host
    ) throws(Refusal) {
        guard let relayed = allocations[index][peer.family] else { throw Refusal(.peerAddressFamilyMismatch) }
        let bound = TransportAddress(resources.addresses[relayed.poolIndex].bound, port: relayed.advertised.port)
        let id = newConnectionID()
        let destination = settings.addressTranslation.destination(for: peer)
        guard let handle = host.connect(from: bound, to: destination, for: id) else {
            throw Refusal(.connectionTimeoutOrFailure)
        }
        let now = request.now.instant
        insert(
            PeerConnection(
                id: id, allocation: index, peer: peer, handle: handle, stage: .connecting,
                expiry: now.adding(seconds: settings.connectTimeoutSeconds), began: now),
            for: ConnectRequest(
                transactionID: request.message.transactionID, user: user,
                hasFingerprint: request.message.hasFingerprint))
    }

    // MARK: - Outcome

    /// Hears whether a connection that `RelayHost.connect` began has come about, and answers the Connect.
    package mutating func connectEnded<Host: RelayHost & ~Copyable>(
        _ id: ConnectionID, succeeded: Bool, now: Instant, host: inout Host
    ) {
        guard let slot = peerConnections.find(id), peerConnections[slot].stage == .connecting else { return }
        let index = peerConnections[slot].allocation
        guard succeeded, now < peerConnections[slot].expiry, let request = peerConnections.takeRequest(of: slot) else {
            return closeConnections(of: index, now: now, host: &host) { $0.id == id }
        }
        peerConnections[slot].stage = .pending
        peerConnections[slot].expiry = now.adding(seconds: settings.bindTimeoutSeconds)
        armTimer(of: index)
        requests.countSuccess(.connect)
        writer.begin(MessageType(.connect, .success), request.transactionID)
        writer.add(.connectionID, id.rawValue)
        deliver(request, to: index, host: &host)
    }

    /// Answers a Connect with an error, later than other requests.
    mutating func refuse<Host: RelayHost & ~Copyable>(
        _ request: ConnectRequest, of index: UInt32, _ code: ErrorCode, host: inout Host
    ) {
        host.note(
            .requestRefused(allocations[index].fiveTuple, username: request.user.username, .connect, code))
        requests.count(code, .connect)
        writer.begin(MessageType(.connect, .error), request.transactionID)
        writer.add(error: code, reason: settings.addsReason ? code.reason : "")
        deliver(request, to: index, host: &host)
    }

    private mutating func deliver<Host: RelayHost & ~Copyable>(
        _ request: ConnectRequest, to index: UInt32, host: inout Host
    ) {
        finish(request.identity, hasFingerprint: request.hasFingerprint)
        host.deliver(writer.bytes, to: allocations[index].path)
    }
}

extension PeerRule {
    /// Ports below `tcp-relay-min-peer-port`.
    fileprivate static let lowPort = PeerRule(.deny, AddressRange(.any(.ipv4)), origin: "tcp-relay-min-peer-port")
}
