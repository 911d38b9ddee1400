import Accounts
package import Addressing
package import Cryptography
package import STUN
package import TURN

/// A client of an engine on a bench: it knows the long-term credential mechanism and nothing else.
package final class TestClient {
    /// Says that a request was not answered.
    package struct NoReply: Error {
        let outcome: Outcome
    }

    /// Its path to the server.
    package let fiveTuple: FiveTuple
    /// The name it gives.
    package var username: [UInt8]
    /// Its key.
    package var key: [UInt8]
    /// The realm it gives.
    package var realm = Bench.realm
    /// The nonce it will use; asked for when there is none.
    package var nonce: [UInt8]?
    /// Whether its requests carry FINGERPRINT.
    package var addsFingerprint = false
    /// Whether its requests carry MESSAGE-INTEGRITY-SHA256 instead of MESSAGE-INTEGRITY.
    package var usesSHA256 = false
    /// The value of PASSWORD-ALGORITHMS that it saw in the last challenge.
    package var offeredAlgorithms: [UInt8]?
    /// What it answers in PASSWORD-ALGORITHM, if it does.
    package private(set) var algorithm: PasswordAlgorithm?
    /// Whether it gives USERHASH instead of USERNAME.
    package var hidesUsername = false

    private let bench: Bench
    private let password: [UInt8]

    init(_ bench: Bench, _ fiveTuple: FiveTuple, _ username: [UInt8], password: [UInt8]) {
        self.bench = bench
        self.fiveTuple = fiveTuple
        self.username = username
        self.password = password
        key = PasswordAlgorithm.md5.key(username: username, realm: Bench.realm, password: password) ?? []
    }

    /// Names an algorithm from now on, and uses its key and its integrity.
    package func use(_ algorithm: PasswordAlgorithm) {
        self.algorithm = algorithm
        key = algorithm.key(username: username, realm: realm, password: password) ?? []
        usesSHA256 = true
    }

    /// As the engine sees it.
    package var asSource: Client { Client(fiveTuple: fiveTuple, path: ClientPath(rawValue: 7)) }

    // MARK: - Requests

    /// Sends an authenticated request and gives back the answer. Asks for a nonce first when it has none, and tries once
    /// more with a fresh one when the answer is 438, as clients do.
    package func request(
        _ method: STUN.Method, _ transactionID: TransactionID = TestClient.freshTransactionID(),
        _ body: (inout MessageWriter) -> Void = { _ in }
    ) throws -> Reply {
        if nonce == nil { try takeNonce() }
        let reply = try answer(to: message(method, transactionID, body))
        guard reply.error == 438 else { return reply }
        nonce = reply.value(.nonce)
        return try answer(to: message(method, transactionID, body))
    }

    /// Allocate with REQUESTED-TRANSPORT for UDP.
    package func allocate(
        _ transactionID: TransactionID = TestClient.freshTransactionID(),
        _ body: (inout MessageWriter) -> Void = { _ in }
    ) throws -> Reply {
        try request(.allocate, transactionID) { writer in
            writer.add(.requestedTransport, UInt32(17 << 24))
            body(&writer)
        }
    }

    /// Allocate that must succeed; gives back the first relayed address.
    package func relayed(_ body: (inout MessageWriter) -> Void = { _ in }) throws -> TransportAddress {
        let reply = try allocate(TestClient.freshTransactionID(), body)
        guard reply.isSuccess, let relayed = reply.relayed.first else { throw NoReply(outcome: .reply(reply)) }
        return relayed
    }

    /// Refresh, with a lifetime or without.
    package func refresh(lifetime: UInt32? = nil) throws -> Reply {
        try request(.refresh) { if let lifetime { $0.add(.lifetime, lifetime) } }
    }

    /// CreatePermission for peers.
    package func permit(_ peers: String...) throws -> Reply {
        try request(.createPermission) { writer in
            for peer in peers { writer.add(.xorPeerAddress, xor: Bench.address(peer)) }
        }
    }

    /// ChannelBind.
    package func bind(_ number: UInt16, to peer: String) throws -> Reply {
        try request(.channelBind) { writer in
            writer.add(.channelNumber, UInt32(number) << 16)
            writer.add(.xorPeerAddress, xor: Bench.address(peer))
        }
    }

    /// Sends bytes that must be answered.
    package func answer(to bytes: [UInt8]) throws -> Reply {
        let outcome = send(bytes)
        guard let reply = outcome.reply else { throw NoReply(outcome: outcome) }
        return reply
    }

    /// Takes the nonce out of a challenge.
    package func takeNonce() throws {
        let reply = try answer(to: bare(.allocate))
        nonce = reply.value(.nonce)
        offeredAlgorithms = reply.value(.passwordAlgorithms)
    }

    // MARK: - Messages

    /// A request signed with the client's credentials.
    package func message(
        _ method: STUN.Method, _ transactionID: TransactionID = TestClient.freshTransactionID(),
        _ body: (inout MessageWriter) -> Void = { _ in }
    ) -> [UInt8] {
        var writer = MessageWriter()
        writer.begin(MessageType(method, .request), transactionID)
        body(&writer)
        addCredentials(&writer)
        sign(&writer)
        return writer.bytes
    }

    /// Adds what stands in front of the integrity.
    package func addCredentials(_ writer: inout MessageWriter) {
        if hidesUsername {
            writer.add(.userhash, HashAlgorithm.sha256.hash(username + [UInt8(ascii: ":")] + realm) ?? [])
        } else {
            writer.add(.username, username)
        }
        writer.add(.realm, realm)
        writer.add(.nonce, nonce ?? [])
        guard let algorithm else { return }
        if let offeredAlgorithms { writer.add(.passwordAlgorithms, offeredAlgorithms) }
        writer.add(.passwordAlgorithm, [0, UInt8(algorithm.rawValue), 0, 0])
    }

    /// Adds the integrity, and FINGERPRINT where the client does.
    package func sign(_ writer: inout MessageWriter) {
        if usesSHA256 {
            var hmac = HMAC(.sha256)
            writer.addIntegritySHA256(key: key.span, using: &hmac)
        } else {
            var hmac = HMAC(.sha1)
            writer.addIntegrity(key: key.span, using: &hmac)
        }
        if addsFingerprint { writer.addFingerprint() }
    }

    /// A message without credentials.
    package func bare(
        _ method: STUN.Method, _ class: MessageType.Class = .request,
        _ transactionID: TransactionID = TestClient.freshTransactionID(),
        _ body: (inout MessageWriter) -> Void = { _ in }
    ) -> [UInt8] {
        var writer = MessageWriter()
        writer.begin(MessageType(method, `class`), transactionID)
        body(&writer)
        if addsFingerprint { writer.addFingerprint() }
        return writer.bytes
    }

    // MARK: - Data

    /// Sends any bytes.
    package func send(_ bytes: [UInt8]) -> Outcome { bench.deliver(bytes, from: asSource) }

    /// Sends data to a peer inside a Send indication.
    package func send(_ payload: [UInt8], to peer: String) -> Outcome {
        send(
            bare(.send, .indication) { writer in
                writer.add(.xorPeerAddress, xor: Bench.address(peer))
                writer.add(.data, payload)
            })
    }

    /// Sends data through a channel.
    package func send(_ payload: [UInt8], through channel: UInt16) -> Outcome {
        send(
            [UInt8(channel >> 8), UInt8(channel & 0xFF), UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
                + payload)
    }

    /// A transaction id that no other call gave.
    package static func freshTransactionID() -> TransactionID {
        var random = SystemRandomNumberGenerator()
        return TransactionID(high: random.next(), low: random.next())
    }
}
