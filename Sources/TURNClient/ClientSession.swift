package import Cryptography
import STUN
package import Timing

/// A STUN and TURN client's side of one 5-tuple, without I/O and without a clock: it takes packets and the time, and says
/// what to send. Requests are sent again until they are answered, and once more when the server asks for credentials.
package struct ClientSession: ~Copyable {
    /// Whether the server is reached over a stream: no retransmissions, and ChannelData is padded.
    package let isStream: Bool
    /// Who the client is; nil sends every request without credentials.
    package var credentials: Credentials?
    /// What the server asked for last. May be set, to try what a server makes of it.
    package var challenge: Challenge?
    /// Whether requests and indications end in FINGERPRINT.
    package var addsFingerprint = false
    /// Whether the client takes up PASSWORD-ALGORITHMS; browsers do not.
    package var usesPasswordAlgorithms = true
    /// Whether the client names itself by USERHASH where the server takes it.
    package var usesUserhash = true
    /// The pause before a request is first sent again over UDP.
    package var retransmissionTimeoutMilliseconds: UInt32 = 500

    var transactions: [ClientTransaction] = []
    var writer = MessageWriter(capacity: 256)
    var sha1 = HMAC(.sha1)
    var sha256 = HMAC(.sha256)
    private var random: RandomPool
    private var requestCount = 0

    /// A session with nothing under way.
    package init(isStream: Bool, credentials: Credentials? = nil, random: consuming RandomPool = RandomPool()) {
        self.isStream = isStream
        self.credentials = credentials
        self.random = random
    }

    /// Starts a request, which is due to be sent at once, and gives its number.
    @discardableResult
    package mutating func begin(_ request: ClientRequest, at now: Instant) -> Int {
        defer { requestCount += 1 }
        transactions.append(transaction(request, number: requestCount, at: now))
        return requestCount
    }

    /// What is to be done at this time; nil when there is nothing more. Call it until then.
    package mutating func poll(at now: Instant) -> ClientAction? {
        guard let index = transactions.firstIndex(where: { $0.schedule.due <= now }) else { return nil }
        guard transactions[index].schedule.step(at: now) else {
            return .giveUp(request: transactions.remove(at: index).number)
        }
        return .transmit(transactions[index].bytes)
    }

    /// When to poll again; nil when nothing is under way.
    package var nextDeadline: Instant? { transactions.map(\.schedule.due).min() }

    /// A transaction id that nobody can foresee.
    mutating func newTransactionID() -> TransactionID {
        TransactionID(high: UInt32(truncatingIfNeeded: random.next()), low: random.next())
    }

    /// Writes a request with the credentials that the server asked for.
    mutating func transaction(_ request: ClientRequest, number: Int, at now: Instant) -> ClientTransaction {
        let id = newTransactionID()
        writer.begin(MessageType(request.method, .request), id)
        for attribute in request.attributes { writer.add(attribute) }
        let protection = request.isAuthenticated ? protect() : nil
        if addsFingerprint { writer.addFingerprint() }
        return ClientTransaction(
            number: number, request: request, id: id, bytes: writer.bytes, protection: protection,
            schedule: RetransmissionSchedule(
                isStream: isStream, at: now, retransmissionTimeoutMilliseconds: retransmissionTimeoutMilliseconds))
    }

    /// Adds USERNAME or USERHASH, REALM, NONCE, the password algorithm and the message integrity (RFC 8489 §9.2.3.2).
    private mutating func protect() -> ClientTransaction.Protection? {
        guard let credentials, let challenge else { return nil }
        if usesUserhash, challenge.announcesUserhash {
            writer.add(.userhash, credentials.userhash(realm: challenge.realm))
        } else {
            writer.add(.username, credentials.username)
        }
        writer.add(.realm, challenge.realm)
        writer.add(.nonce, challenge.nonce)
        let chosen = usesPasswordAlgorithms ? challenge.preferredAlgorithm : nil
        if let chosen, let list = challenge.passwordAlgorithms {
            writer.add(.passwordAlgorithms, list)
            writer.add(.passwordAlgorithm, UInt32(chosen.rawValue) << 16)
        }
        let key = credentials.key(realm: challenge.realm, chosen ?? .md5)
        // A client that names an algorithm protects with SHA-256, whatever the algorithm; one that names none is as old as
        // RFC 5389 (RFC 8489 §9.2.3.2).
        if chosen == nil {
            writer.addIntegrity(key: key.span, using: &sha1)
        } else {
            writer.addIntegritySHA256(key: key.span, using: &sha256)
        }
        return ClientTransaction.Protection(key: key, usesSHA256: chosen != nil)
    }
}
