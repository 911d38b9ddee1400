import Accounts
import Addressing
import Cryptography
import STUN
import Timing

// The long-term credential mechanism (RFC 8489 §9.2.4), in this order: no integrity 401, missing attributes 400, a nonce
// that was never made for this client 438, password algorithms 400, user and integrity 401, age of the nonce 438. The RFC
// checks the nonce last; telling a foreign one first costs neither a look-up nor state, and gives nothing away.

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

    /// REALM, NONCE and, where algorithms are offered, PASSWORD-ALGORITHMS for a reply that asks for credentials.
    mutating func addChallenge(to request: borrowing Request) {
        guard case .longTerm(let accounts) = settings.authentication else { return }
        let fiveTuple = request.client.fiveTuple
        writer.add(.realm, realm(shownTo: request, main: accounts.realm))
        writer.add(
            .nonce,
            nonces.issue(to: fiveTuple.client, over: fiveTuple.transport, unixSeconds: request.now.unixSeconds))
        if let thirdParty = settings.thirdPartyAuthorization {
            writer.add(.thirdPartyAuthorization, thirdParty.serverName)
        }
        if let offer = settings.passwordAlgorithms.attribute { writer.add(.passwordAlgorithms, offer) }
    }

    private mutating func authenticate<Host: RelayHost & ~Copyable>(
        _ request: borrowing Request, against main: Accounts, host: inout Host
    ) throws(Refusal) -> Identity {
        guard request.message.hasIntegrity else { throw Refusal(.unauthenticated) }
        guard let realm = request.message.value(of: .realm), realm.count <= Self.maximumTextByteCount,
            let nonce = request.message.value(of: .nonce), nonce.count <= Self.maximumTextByteCount
        else { throw Refusal(.badRequest) }
        let realmName = realm.copied()
        // A realm that is not served costs the same work as one that is.
        let served = settings.accounts(of: realmName, beside: main)
        let accounts = served ?? main
        guard let username = username(in: request, accounts) else { throw Refusal(.badRequest) }
        let fiveTuple = request.client.fiveTuple
        let verdict = verdict(on: nonce, in: request)
        guard verdict != .foreign else { throw Refusal(.staleNonce) }

        let named = try settings.passwordAlgorithms.choice(in: request.message)
        let algorithm = named ?? .md5
        let candidates = candidateKeys(for: username, of: realmName, algorithm, in: request, accounts)
        guard served != nil || candidates.holder != nil, let key = key(that: request, fits: candidates.keys) else {
            let isExpired = accounts.isExpired(username, unixSeconds: request.now.unixSeconds)
            let failure: AuthenticationFailure = served == nil ? .realm : isExpired ? .expired : .credentials
            host.note(.authenticationFailed(fiveTuple, username: username, request.message.type.method, failure))
            throw Refusal(.unauthenticated)
        }
        guard !settings.revocations.contains(username, unixSeconds: request.now.unixSeconds) else {
            host.note(.authenticationFailed(fiveTuple, username: username, request.message.type.method, .revoked))
            throw Refusal(.unauthenticated)
        }
        guard verdict == .valid else { throw Refusal(.staleNonce) }
        let name =
            candidates.tokenExpiry == nil
            ? accounts.quotaName(of: username) : Self.quotaName(keyName: username, key)
        return Identity(
            username: username, quotaHolder: candidates.holder ?? QuotaHolder(name, realm: realmName),
            key: key, algorithm: algorithm, usesSHA256: named != nil || request.message.hasIntegritySHA256,
            tokenExpiry: candidates.tokenExpiry)
    }

    /// What a nonce is worth on the path it comes by. In a ConnectionBind it may be that of the control connection, if both
    /// come from one address: coturn's client sends no other, and takes a new one for its control connection's.
    private mutating func verdict(on nonce: Span<UInt8>, in request: borrowing Request) -> NonceMint.Verdict {
        let (path, now) = (request.client.fiveTuple, request.now.unixSeconds)
        let verdict = nonces.verify(nonce, from: path.client, over: path.transport, unixSeconds: now)
        guard verdict == .foreign, let index = allocation(boundBy: request) else { return verdict }
        let control = allocations[index].fiveTuple
        guard control.client.ip == path.client.ip else { return verdict }
        return nonces.verify(nonce, from: control.client, over: control.transport, unixSeconds: now)
    }

    /// The realm that a client is asked for: that of its allocation, whose key it has, even where a reload has renamed the
    /// realm since; or that of the page it says it comes from; or the main one.
    private func realm(shownTo request: borrowing Request, main: [UInt8]) -> [UInt8] {
        if let index = allocation(concerning: request), !allocations.owner(of: index).key.isEmpty {
            return allocations.owner(of: index).quotaHolder.realm
        }
        guard let origin = request.message.value(of: .origin), origin.count <= Self.maximumTextByteCount else {
            return main
        }
        return settings.furtherRealms.realm(of: origin.copied())?.accounts.realm ?? main
    }

    /// The living allocation that a request is about, by its path, its ticket or its connection; whose it is, the
    /// credentials have to show.
    func allocation(concerning request: borrowing Request) -> UInt32? {
        allocations.find(request.client.fiveTuple) ?? allocation(ticketedIn: request) ?? allocation(boundBy: request)
    }

    /// The username that goes with a token names the key of the authorization server, which all its users share; what tells
    /// them apart is the key inside.
    private static func quotaName(keyName: [UInt8], _ macKey: [UInt8]) -> [UInt8] {
        keyName + (HashAlgorithm.sha256.hash(macKey) ?? [])
    }

    /// USERNAME, REALM and NONCE may have 763 bytes at most (RFC 8489 §14.3, §14.9, §14.10).
    static var maximumTextByteCount: Int { 763 }

    /// USERNAME, or the name that USERHASH stands for where it is announced (RFC 8489 §14.4). A hash that nobody has goes
    /// on as if it were a name, which nobody has either: strangers learn nothing.
    private func username(in request: borrowing Request, _ accounts: Accounts) -> [UInt8]? {
        if let username = request.message.value(of: .username) {
            return username.count <= Self.maximumTextByteCount ? username.copied() : nil
        }
        guard nonces.features.contains(.userhash), let hash = request.message.value(of: .userhash),
            hash.count == HashAlgorithm.sha256.byteCount
        else { return nil }
        return accounts.username(hashed: hash.copied()) ?? hash.copied()
    }

    /// The keys that may belong to a user: the one in an access token, where tokens are taken and there is one. For the user
    /// of a living allocation the key that made it: an expired REST credential still refreshes what it opened, and nothing
    /// is computed twice. An expired token does not (RFC 7635 §4.1.1).
    private func candidateKeys(
        for username: [UInt8], of realm: [UInt8], _ algorithm: PasswordAlgorithm, in request: borrowing Request,
        _ accounts: Accounts
    ) -> CandidateKeys {
        if let thirdParty = settings.thirdPartyAuthorization, let bytes = request.message.value(of: .accessToken) {
            let token = thirdParty.token(bytes.copied(), keyName: username, unixSeconds: request.now.unixSeconds)
            return CandidateKeys(keys: token.map { [$0.macKey] } ?? [], tokenExpiry: token?.expiry)
        }
        if request.message.type.method != .allocate, let index = allocation(concerning: request) {
            let owner = allocations.owner(of: index)
            if owner.username == username, owner.quotaHolder.realm == realm, owner.algorithm == algorithm,
                request.now.unixSeconds <= owner.tokenExpiry ?? .max
            {
                return CandidateKeys(keys: [owner.key], holder: owner.quotaHolder, tokenExpiry: owner.tokenExpiry)
            }
        }
        return CandidateKeys(
            keys: accounts.candidateKeys(for: username, algorithm, unixSeconds: request.now.unixSeconds))
    }

    /// The first key under which the message's integrity is right. Of two integrities the stronger one counts (§9.2.4).
    private mutating func key(that request: borrowing Request, fits keys: [[UInt8]]) -> [UInt8]? {
        for key in keys {
            let fits =
                request.message.hasIntegritySHA256
                ? request.message.verifyIntegritySHA256(key: key.span, using: &sha256)
                : request.message.verifyIntegrity(key: key.span, using: &sha1)
            if fits { return key }
        }
        return nil
    }
}
