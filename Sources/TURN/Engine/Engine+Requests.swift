import Addressing
import STUN
import Timing

// The way of every request: authenticate, refuse what is not understood, hand to the method's handler, finish the reply.

extension Engine {
    mutating func answer<Host: RelayHost & ~Copyable>(_ request: borrowing Request, host: inout Host) -> ClientAction {
        var identity: Identity?
        let action: ClientAction
        do throws(Refusal) {
            identity = try authenticate(request, host: &host)
            try refuseUnknownAttributes(of: request)
            action = try handle(request, from: identity, host: &host)
        } catch {
            return refuse(request, identity, error, host: &host)
        }
        if case .none = action { return .none }
        requests.countSuccess(request.message.type.method)
        finish(identity, hasFingerprint: request.message.hasFingerprint)
        return action
    }

    private mutating func handle<Host: RelayHost & ~Copyable>(
        _ request: borrowing Request, from identity: Identity?, host: inout Host
    ) throws(Refusal) -> ClientAction {
        guard request.message.type.method != .binding else { return try bind(request) }
        var user = identity ?? .anybody
        user.origin = try consistentOrigin(of: request)
        switch request.message.type.method {
        case .allocate: try allocate(request, by: user, host: &host)
        case .refresh: try refresh(request, by: user, host: &host)
        case .createPermission: try createPermission(request, by: user, host: &host)
        case .channelBind: try channelBind(request, by: user, host: &host)
        case .connect:
            try connect(request, by: user, host: &host)
            return .none  // the answer comes later
        case .connectionBind: return try connectionBind(request, by: user)
        default: throw Refusal(.badRequest)
        }
        return .reply
    }

    /// 420 for comprehension-required attributes that this server does not know (RFC 8489 §6.3.1). After authentication, so
    /// that strangers learn nothing. Mutating like `nextExpiry`, for speed.
    private mutating func refuseUnknownAttributes(of request: borrowing Request) throws(Refusal) {
        var unknown = request.message.unknownRequiredAttributes + unavailableDiscoveryAttributes(of: request)
        // A token is for a server that has said it takes tokens (RFC 7635 §7).
        if settings.thirdPartyAuthorization == nil, request.message.contains(.accessToken) {
            unknown.append(.accessToken)
        }
        guard unknown.isEmpty else { throw Refusal(unknown: unknown) }
    }

    /// The allocation that the request belongs to, live and made by the same user (RFC 8656 §5).
    mutating func allocation<Host: RelayHost & ~Copyable>(
        of request: borrowing Request, by user: Identity, host: inout Host
    ) throws(Refusal) -> UInt32 {
        let (fiveTuple, now) = (request.client.fiveTuple, request.now.instant)
        guard let index = allocations.find(fiveTuple) ?? arrive(by: fiveTuple, now: now),
            now < allocations[index].expiry
        else { throw Refusal(.allocationMismatch) }
        guard allocations.owner(of: index).isSame(as: user) else { throw Refusal(.wrongCredentials) }
        // One of two families may be over and not swept yet; its permissions and channels are in nobody's way.
        closeExpiredRelays(of: index, now: now, host: &host)
        return index
    }

    // MARK: - Replies

    /// Begins a success reply to a request.
    mutating func beginSuccess(_ request: borrowing Request) {
        writer.begin(MessageType(request.message.type.method, .success), request.message.transactionID)
    }

    private mutating func refuse<Host: RelayHost & ~Copyable>(
        _ request: borrowing Request, _ identity: Identity?, _ refusal: Refusal, host: inout Host
    ) -> ClientAction {
        if let identity {
            host.note(
                .requestRefused(
                    request.client.fiveTuple, username: identity.username, request.message.type.method, refusal.code))
        } else if !limiter.admits(request.client.fiveTuple.client.ip, now: request.now.instant) {
            return drop(.rateLimited)
        }
        requests.count(refusal.code, request.message.type.method)
        writer.begin(MessageType(request.message.type.method, .error), request.message.transactionID)
        writer.add(error: refusal.code, reason: settings.addsReason ? refusal.code.reason : "")
        if !refusal.unknownAttributes.isEmpty { writer.add(unknownAttributes: refusal.unknownAttributes) }
        for server in refusal.alternateServers { writer.add(.alternateServer, plain: server.address) }
        if let domain = alternateDomain(refusal, for: request, identity) { writer.add(.alternateDomain, domain) }
        if refusal.code == .unauthenticated || refusal.code == .staleNonce { addChallenge(to: request) }
        finish(identity, hasFingerprint: request.message.hasFingerprint)
        return .reply
    }

    /// The name in the certificate of the server that the client is to go to, where it has to see one and can trust what it
    /// reads here (RFC 8489 §10, §14.16).
    private func alternateDomain(
        _ refusal: Refusal, for request: borrowing Request, _ identity: Identity?
    ) -> [UInt8]? {
        guard let domain = refusal.alternateServers.first?.domain, !domain.isEmpty, identity?.usesSHA256 == true,
            request.client.fiveTuple.transport.isSecure
        else { return nil }
        return domain
    }

    /// What every reply ends in: SOFTWARE if wished for, the integrity of an authenticated exchange, FINGERPRINT if the
    /// request carried one.
    mutating func finish(_ identity: Identity?, hasFingerprint: Bool) {
        if !settings.software.isEmpty { writer.add(.software, settings.software) }
        if let identity {
            if identity.usesSHA256 {
                writer.addIntegritySHA256(key: identity.key.span, using: &sha256)
            } else {
                writer.addIntegrity(key: identity.key.span, using: &sha1)
            }
        }
        if settings.alwaysAddsFingerprint || hasFingerprint { writer.addFingerprint() }
    }
}
