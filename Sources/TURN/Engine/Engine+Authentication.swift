import Accounts
import STUN
import Timing

// The long-term credential mechanism (RFC 8489 §9.2.4), in this order: no integrity 401, missing attributes 400, a nonce
// that was never made for this client 438, user and integrity 401, age of the nonce 438. The RFC checks the nonce last;
// telling a foreign one first costs neither a look-up nor state, and gives nothing away.

extension Engine {
    /// Who sent a request. Nil when it needs no authentication: a plain Binding, or a server that runs with `no-auth`.
    mutating func authenticate<Host: RelayHost & ~Copyable>(
        _ request: borrowing Request, host: inout Host
    ) throws(Refusal) -> Identity? {
        let isBinding = request.message.type.method == .binding
        switch settings.authentication {
        case .stunOnly where !isBinding: throw Refusal(.forbidden)
        case .longTerm(let accounts) where !isBinding || settings.authenticatesBinding:
            return try authenticate(request, against: accounts, host: &host)
        default: return nil
        }
    }

    /// REALM and NONCE for a reply that asks for credentials.
    mutating func addChallenge(to request: borrowing Request) {
        guard case .longTerm(let accounts) = settings.authentication else { return }
        let fiveTuple = request.client.fiveTuple
        writer.add(.realm, accounts.realm)
        writer.add(
            .nonce,
            nonces.issue(to: fiveTuple.client, over: fiveTuple.transport, unixSeconds: request.now.unixSeconds))
    }

    private mutating func authenticate<Host: RelayHost & ~Copyable>(
        _ request: borrowing Request, against accounts: Accounts, host: inout Host
    ) throws(Refusal) -> Identity {
        guard request.message.hasIntegrity else { throw Refusal(.unauthenticated) }
        guard let username = request.message.value(of: .username), username.count <= Self.maximumTextByteCount,
            let realm = request.message.value(of: .realm), realm.count <= Self.maximumTextByteCount,
            let nonce = request.message.value(of: .nonce), nonce.count <= Self.maximumTextByteCount
        else { throw Refusal(.badRequest) }
        let fiveTuple = request.client.fiveTuple
        let verdict = nonces.verify(
            nonce, from: fiveTuple.client, over: fiveTuple.transport, unixSeconds: request.now.unixSeconds)
        guard verdict != .foreign else { throw Refusal(.staleNonce) }

        let name = username.copied()
        let usesSHA256 = request.message.hasIntegritySHA256
        guard realm.isEqual(to: accounts.realm),
            let key = key(that: request, fits: candidateKeys(for: name, of: request, in: accounts), usesSHA256)
        else {
            host.note(.authenticationFailed(fiveTuple, username: name, request.message.type.method))
            throw Refusal(.unauthenticated)
        }
        guard verdict == .valid else { throw Refusal(.staleNonce) }
        return Identity(
            username: name, quotaName: accounts.quotaName(of: name), key: key, usesSHA256: usesSHA256)
    }

    /// USERNAME, REALM and NONCE may have 763 bytes at most (RFC 8489 §14.3, §14.9, §14.10).
    private static var maximumTextByteCount: Int { 763 }

    /// The keys that may belong to a user. For the user of a living allocation the key that made it: an expired REST
    /// credential still refreshes what it opened, and nothing is computed twice.
    private func candidateKeys(for username: [UInt8], of request: borrowing Request, in accounts: Accounts) -> [[UInt8]]
    {
        if request.message.type.method != .allocate, let index = allocations.find(request.client.fiveTuple) {
            let owner = allocations.owner(of: index)
            if owner.username == username { return [owner.key] }
        }
        return accounts.candidateKeys(for: username, unixSeconds: request.now.unixSeconds)
    }

    /// The first key under which the message's integrity is right. Of two integrities the stronger one counts (§9.2.4).
    private mutating func key(that request: borrowing Request, fits keys: [[UInt8]], _ usesSHA256: Bool) -> [UInt8]? {
        for key in keys {
            let fits =
                usesSHA256
                ? request.message.verifyIntegritySHA256(key: key.span, using: &sha256)
                : request.message.verifyIntegrity(key: key.span, using: &sha1)
            if fits { return key }
        }
        return nil
    }
}
