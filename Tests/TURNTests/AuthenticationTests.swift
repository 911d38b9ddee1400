import Accounts
import Addressing
import Cryptography
import STUN
import TURN
import TestBench
import Testing
import Timing

@Suite("Long-term credentials")
struct AuthenticationTests {
    let bench = Bench()
    static let methods: [STUN.Method] = [.allocate, .refresh, .createPermission, .channelBind]

    /// A request with the attributes of the long-term mechanism that `parts` names, signed.
    func request(_ alice: TestClient, parts: [AttributeType], sha256: Bool = false) -> [UInt8] {
        var writer = MessageWriter()
        writer.begin(MessageType(.allocate, .request), TestClient.freshTransactionID())
        if parts.contains(.username) { writer.add(.username, alice.username) }
        if parts.contains(.realm) { writer.add(.realm, alice.realm) }
        if parts.contains(.nonce) { writer.add(.nonce, alice.nonce ?? []) }
        alice.usesSHA256 = sha256
        alice.sign(&writer)
        return writer.bytes
    }

    @Test(
        "D01: a request without integrity gets 401 with REALM and a fresh NONCE, and no integrity", arguments: methods)
    func challenge(method: STUN.Method) throws {
        let alice = bench.client()
        let reply = try alice.answer(to: alice.bare(method))
        #expect(reply.type == MessageType(method, .error))
        #expect(reply.error == 401)
        #expect(reply.types == [.errorCode, .realm, .nonce])
        #expect(reply.value(.realm) == Bench.realm)
        alice.nonce = reply.value(.nonce)
        #expect(try alice.answer(to: alice.message(.refresh)).error == 437)
    }

    @Test("D01: USERNAME, REALM and NONCE without integrity are not looked at")
    func unsigned() throws {
        let alice = bench.client()
        let bytes = alice.bare(.allocate) { writer in
            writer.add(.username, alice.username)
            writer.add(.realm, alice.realm)
            writer.add(.nonce, [1])
        }
        #expect(try alice.answer(to: bytes).error == 401)
    }

    @Test("D02: integrity without USERNAME, REALM or NONCE gets 400 and nothing beside it", arguments: [false, true])
    func incomplete(sha256: Bool) throws {
        let alice = bench.client()
        try alice.takeNonce()
        let all: [AttributeType] = [.username, .realm, .nonce]
        for missing in all {
            let reply = try alice.answer(to: request(alice, parts: all.filter { $0 != missing }, sha256: sha256))
            #expect(reply.error == 400)
            #expect(reply.types == [.errorCode])
        }
        #expect(try alice.answer(to: request(alice, parts: [])).error == 400)
    }

    @Test("D02: USERHASH instead of USERNAME gets 400, since this server never offered it")
    func userhash() throws {
        let alice = bench.client()
        try alice.takeNonce()
        var writer = MessageWriter()
        writer.begin(MessageType(.allocate, .request), TestClient.freshTransactionID())
        writer.add(.userhash, [UInt8](repeating: 7, count: 32))
        writer.add(.realm, alice.realm)
        writer.add(.nonce, alice.nonce ?? [])
        alice.sign(&writer)
        #expect(try alice.answer(to: writer.bytes).error == 400)
    }

    @Test("D03, D04, N4: unknown user and wrong password are answered alike")
    func alike() throws {
        let alice = bench.client()
        try alice.takeNonce()
        let stranger = bench.client("nobody")
        stranger.nonce = alice.nonce
        alice.key = [UInt8](repeating: 9, count: 16)
        let id = TestClient.freshTransactionID()
        let wrongPassword = try alice.answer(to: alice.message(.allocate, id))
        let unknownUser = try alice.answer(to: stranger.message(.allocate, id))
        #expect(wrongPassword.error == 401)
        #expect(wrongPassword.types == [.errorCode, .realm, .nonce])
        #expect(unknownUser == wrongPassword)
    }

    @Test("D04: the right password under another realm gets 401")
    func otherRealm() throws {
        let alice = bench.client()
        try alice.takeNonce()
        alice.realm = Array("Realm".utf8)
        #expect(try alice.answer(to: alice.message(.allocate)).error == 401)
        alice.realm = Array("realm".utf8)
        #expect(try alice.allocate().isSuccess)
    }

    @Test("D04: every wrong byte of the integrity gets 401")
    func flippedIntegrity() throws {
        let alice = bench.client()
        try alice.takeNonce()
        let bytes = alice.message(.allocate) { $0.add(.requestedTransport, UInt32(17 << 24)) }
        for index in bytes.count - 20..<bytes.count {
            var bad = bytes
            bad[index] ^= 0x01
            #expect(try alice.answer(to: bad).error == 401)
        }
        #expect(try alice.answer(to: bytes).isSuccess)
    }

    @Test("I6, B04: no byte under the integrity can be changed to any effect")
    func flippedMessage() throws {
        let alice = bench.client()
        try alice.takeNonce()
        let bytes = alice.message(.allocate) { $0.add(.requestedTransport, UInt32(17 << 24)) }
        for index in 0..<bytes.count - 24 {
            for bit in 0..<8 {
                var bad = bytes
                bad[index] ^= UInt8(1 << bit)
                // One flipped bit makes an Allocate a Binding, which asks for no integrity.
                let reply = alice.send(bad).reply
                #expect(reply?.isSuccess != true || reply?.type.method == .binding)
            }
        }
        #expect(bench.host.openedCount == 0)
    }

    @Test("D05: the right integrity with an expired nonce gets 438 with a nonce that works at once")
    func staleNonce() throws {
        let alice = bench.client()
        try alice.takeNonce()
        bench.advance(seconds: 601)
        let reply = try alice.answer(to: alice.message(.refresh))
        #expect(reply.error == 438)
        #expect(reply.types == [.errorCode, .realm, .nonce])
        alice.nonce = reply.value(.nonce)
        #expect(try alice.answer(to: alice.message(.refresh)).error == 437)
    }

    @Test("D16: wrong integrity with an expired nonce gets 401; with a foreign nonce 438, whoever the user is")
    func order() throws {
        let alice = bench.client()
        try alice.takeNonce()
        bench.advance(seconds: 601)
        alice.key = [1]
        #expect(try alice.answer(to: alice.message(.allocate)).error == 401)
        alice.nonce = Array("obMatJos2AAAA000000000123456789abcdef".utf8)
        let wrong = try alice.answer(to: alice.message(.allocate))
        let stranger = bench.client("nobody")
        stranger.nonce = alice.nonce
        let unknown = try stranger.answer(to: stranger.message(.allocate))
        #expect(wrong.error == 438)
        #expect(unknown.error == 438)
        // Missing attributes come before the nonce.
        #expect(try alice.answer(to: request(alice, parts: [.username, .nonce])).error == 400)
    }

    @Test("D17: a nonce serves many requests")
    func nonceNotSingleUse() throws {
        let alice = bench.client()
        _ = try alice.relayed()
        let nonce = alice.nonce
        for _ in 0..<20 { #expect(try alice.answer(to: alice.message(.refresh)).isSuccess) }
        #expect(alice.nonce == nonce)
    }

    @Test("D17: another worker, and a restarted server with the same secret, takes the nonce")
    func nonceAcrossWorkers() throws {
        let alice = bench.client()
        try alice.takeNonce()
        let other = Bench(besides: bench).client()
        other.nonce = alice.nonce
        #expect(try other.answer(to: other.message(.refresh)).error == 437)
        let strange = Bench { $0.nonceKey = Array(2...33) }.client()
        strange.nonce = alice.nonce
        #expect(try strange.answer(to: strange.message(.refresh)).error == 438)
    }

    @Test("D18: the request that follows a 401 or 438 with its nonce is never answered with 438")
    func noSecondChallenge() throws {
        for delay: UInt32 in [0, 1, 60, 600] {
            let alice = bench.client("alice", at: "90.0.0.1:\(delay + 1)")
            try alice.takeNonce()
            bench.advance(seconds: delay)
            #expect(
                try alice.answer(to: alice.message(.allocate) { $0.add(.requestedTransport, UInt32(17 << 24)) })
                    .isSuccess)
            bench.advance(seconds: 601)
            let stale = try alice.answer(to: alice.message(.refresh))
            #expect(stale.error == 438)
            alice.nonce = stale.value(.nonce)
            bench.advance(seconds: delay)
            #expect(try alice.answer(to: alice.message(.refresh)).error == 437)
        }
    }

    @Test(
        "D19: within an allocation another user gets 441 once his credentials are right, 401 before",
        arguments: methods.dropFirst())
    func otherUser(method: STUN.Method) throws {
        _ = try bench.client().relayed()
        let bob = bench.client("bob")
        let reply = try bob.request(method)
        #expect(reply.error == 441)
        #expect(reply.types == [.errorCode, .messageIntegrity])
        #expect(reply.hasIntegrity(under: bob.key))
        bob.key = [1]
        #expect(try bob.answer(to: bob.message(method)).error == 401)
    }

    @Test("D19, P4: users that differ only in invalid UTF-8 or in normal form are different users")
    func bytewiseUsers() throws {
        let pairs: [([UInt8], [UInt8])] = [
            ([0xFF, 0x61], [0xFE, 0x61]), (Array("e\u{301}".utf8), Array("\u{E9}".utf8)), ([0x61], [0x61, 0x00]),
        ]
        for (first, second) in pairs {
            let users = [first, second].map { StaticUser(name: $0, secret: .password([1, 2, 3])) }
            let bench = Bench(limits: RelayResources.Limits(userQuota: 1)) {
                $0.authentication = .longTerm(Accounts(realm: Bench.realm, users: users))
            }
            func client(_ name: [UInt8], _ port: Int) -> TestClient {
                let client = bench.client(at: "90.0.0.1:\(port)")
                client.username = name
                client.key = PasswordAlgorithm.md5.key(username: name, realm: Bench.realm, password: [1, 2, 3]) ?? []
                return client
            }
            #expect(try client(first, 1).allocate().isSuccess)
            #expect(try client(second, 1).refresh(lifetime: 0).error == 441)
            #expect(try client(second, 2).allocate().isSuccess)
            #expect(try client(first, 3).allocate().error == 486)
            #expect(bench.resources.usage.users == 2)
        }
    }

    @Test("D21: each of several secrets opens the door")
    func rotation() throws {
        let bench = Bench(secrets: ["north", "south"])
        for (index, secret) in ["north", "south"].enumerated() {
            let alice = restClient(bench, "1800000000:alice", secret, port: index + 1)
            #expect(try alice.allocate().isSuccess)
            #expect(try alice.refresh().isSuccess)
        }
        #expect(try restClient(bench, "1800000000:alice", "west", port: 9).allocate().error == 401)
    }

    @Test("D22, A26: a stand-alone Binding needs no credentials")
    func binding() throws {
        #expect(try bench.client().answer(to: bench.client().bare(.binding)).isSuccess)
    }

    @Test("D23: with secure-stun a Binding needs them")
    func secureBinding() throws {
        let bench = Bench { $0.authenticatesBinding = true }
        let alice = bench.client()
        let reply = try alice.answer(to: alice.bare(.binding))
        #expect(reply.error == 401)
        #expect(reply.types == [.errorCode, .realm, .nonce])
        alice.nonce = reply.value(.nonce)
        let success = try alice.answer(to: alice.message(.binding))
        #expect(success.types == [.xorMappedAddress, .messageIntegrity])
    }

    @Test("A25: USERNAME, REALM and NONCE of 763 bytes are read, of more get 400")
    func longTexts() throws {
        let alice = bench.client()
        try alice.takeNonce()
        let nonce = try #require(alice.nonce)
        alice.username = [UInt8](repeating: 0x61, count: 763)
        #expect(try alice.answer(to: alice.message(.allocate)).error == 401)
        alice.username.append(0x61)
        #expect(try alice.answer(to: alice.message(.allocate)).error == 400)
        alice.username = [0x61]
        alice.realm = [UInt8](repeating: 0x61, count: 763)
        #expect(try alice.answer(to: alice.message(.allocate)).error == 401)
        alice.realm.append(0x61)
        #expect(try alice.answer(to: alice.message(.allocate)).error == 400)
        alice.realm = Bench.realm
        alice.nonce = nonce + [UInt8](repeating: 0x61, count: 763 - nonce.count)
        #expect(try alice.answer(to: alice.message(.allocate)).error == 438)
        alice.nonce?.append(0x61)
        #expect(try alice.answer(to: alice.message(.allocate)).error == 400)
    }

    // MARK: - Integrity

    @Test("B09: every answer to an authenticated request carries its integrity", arguments: methods)
    func integrityOfReplies(method: STUN.Method) throws {
        let alice = bench.client()
        let error = try alice.request(method)
        #expect(error.type.class == .error)
        #expect(error.types.last == .messageIntegrity)
        #expect(error.hasIntegrity(under: alice.key))
    }

    @Test("B08: MESSAGE-INTEGRITY-SHA256 alone is verified, and answered in kind")
    func sha256() throws {
        let alice = bench.client()
        alice.usesSHA256 = true
        let reply = try alice.allocate()
        #expect(reply.isSuccess)
        #expect(reply.types.last == .messageIntegritySHA256)
        #expect(reply.hasIntegritySHA256(under: alice.key))
        #expect(try alice.permit().error == 400)
        alice.key = [1]
        #expect(try alice.answer(to: alice.message(.refresh)).error == 401)
    }

    @Test("B08: of both integrities the SHA-256 one counts")
    func bothIntegrities() throws {
        let alice = bench.client()
        try alice.takeNonce()
        func request(sha1Key: [UInt8], sha256Key: [UInt8]) -> [UInt8] {
            var writer = MessageWriter()
            writer.begin(MessageType(.refresh, .request), TestClient.freshTransactionID())
            writer.add(.username, alice.username)
            writer.add(.realm, alice.realm)
            writer.add(.nonce, alice.nonce ?? [])
            alice.usesSHA256 = false
            alice.key = sha1Key
            alice.sign(&writer)
            alice.usesSHA256 = true
            alice.key = sha256Key
            alice.sign(&writer)
            return writer.bytes
        }
        let key = alice.key
        #expect(try alice.answer(to: request(sha1Key: key, sha256Key: key)).error == 437)
        #expect(try alice.answer(to: request(sha1Key: [1], sha256Key: key)).error == 437)
        #expect(try alice.answer(to: request(sha1Key: key, sha256Key: [1])).error == 401)
    }

    @Test("B05, I6: what an attacker appends behind the integrity does not act")
    func appendedAttributes() throws {
        let alice = bench.client()
        _ = try alice.relayed()
        func append(_ type: AttributeType, _ value: [UInt8], to message: [UInt8]) -> [UInt8] {
            var bytes =
                message + [UInt8(type.rawValue >> 8), UInt8(type.rawValue & 0xFF), 0, UInt8(value.count)] + value
            bytes[2] = UInt8((bytes.count - 20) >> 8)
            bytes[3] = UInt8((bytes.count - 20) & 0xFF)
            return bytes
        }
        let permission = alice.message(.createPermission) { $0.add(.xorPeerAddress, xor: Bench.address("5.0.0.1:1")) }
        let other = append(.xorPeerAddress, [0, 1, 0, 1, 5 ^ 0x21, 0x12, 0xA4, 2 ^ 0x42], to: permission)
        #expect(try alice.answer(to: other).isSuccess)
        #expect(bench.engine.permissionCount == 1)
        #expect(alice.send([1], to: "5.0.0.2:1") == .silence)
        #expect(try alice.answer(to: append(.lifetime, [0, 0, 0, 0], to: alice.message(.refresh))).lifetime == 600)
        #expect(bench.engine.allocations.count == 1)
        let family = append(.requestedAddressFamily, [9, 0, 0, 0], to: alice.message(.refresh))
        #expect(try alice.answer(to: family).isSuccess)
        // libwebrtc puts TURN-LOGGING-ID there, RFC 8489 clients the other integrity.
        #expect(
            try alice.answer(to: append(AttributeType(rawValue: 0xFF05), [1, 2, 3, 4], to: alice.message(.refresh)))
                .isSuccess)
    }

    @Test("B06: an unknown comprehension-required attribute behind the integrity is not refused")
    func unknownBehindIntegrity() throws {
        let alice = bench.client()
        _ = try alice.relayed()
        var bytes = alice.message(.refresh) + [0x77, 0x77, 0, 0]
        bytes[3] += 4
        #expect(try alice.answer(to: bytes).isSuccess)
    }

    @Test("B07: an integrity of the wrong length is never accepted")
    func integrityLengths() throws {
        let alice = bench.client()
        try alice.takeNonce()
        for length in [0, 4, 12, 16, 19, 21, 24, 32, 1000] {
            let bytes = alice.bare(.allocate) { writer in
                writer.add(.username, alice.username)
                writer.add(.realm, alice.realm)
                writer.add(.nonce, alice.nonce ?? [])
                writer.add(.messageIntegrity, [UInt8](repeating: 1, count: length))
            }
            #expect(alice.send(bytes) == .silence)
        }
        for length in 0...40 {
            let bytes = alice.bare(.allocate) { writer in
                writer.add(.username, alice.username)
                writer.add(.realm, alice.realm)
                writer.add(.nonce, alice.nonce ?? [])
                writer.add(.messageIntegritySHA256, [UInt8](repeating: 1, count: length))
            }
            let isParsed = (16...32).contains(length) && length % 4 == 0
            #expect(alice.send(bytes).reply?.error == (isParsed ? 401 : nil))
        }
    }

    @Test("B07: a truncated MESSAGE-INTEGRITY-SHA256 that would be right is refused")
    func truncatedIntegrity() throws {
        let alice = bench.client()
        try alice.takeNonce()
        alice.usesSHA256 = true
        let whole = alice.message(.refresh)
        #expect(try alice.answer(to: whole).error == 437)
        for length in [16, 20, 24, 28] {
            var bytes = Array(whole.dropLast(32 - length))
            bytes[bytes.count - length - 1] = UInt8(length)
            bytes[2] = UInt8((bytes.count - 20) >> 8)
            bytes[3] = UInt8((bytes.count - 20) & 0xFF)
            #expect(try alice.answer(to: bytes).error == 401)
        }
    }

    @Test("D10, D13: a client that names no algorithm is taken as MD5 and answered with MESSAGE-INTEGRITY")
    func md5() throws {
        let reply = try bench.client().allocate()
        #expect(reply.types.contains(.messageIntegrity))
        #expect(!reply.types.contains(.messageIntegritySHA256))
    }

    // MARK: - REST

    func restClient(_ bench: Bench, _ username: String, _ secret: String, port: Int = 5000) -> TestClient {
        let client = bench.client(at: "90.0.0.1:\(port)")
        client.username = Array(username.utf8)
        let password = SharedSecret(Array(secret.utf8))?.password(for: client.username) ?? []
        client.key = PasswordAlgorithm.md5.key(username: client.username, realm: Bench.realm, password: password) ?? []
        return client
    }

    @Test("Q01, 0d: a REST credential opens an allocation at its expiry and not a second later")
    func restExpiry() throws {
        for (seconds, code) in [(-1, nil), (0, nil), (1, 401)] as [(Int64, UInt16?)] {
            let bench = Bench(secrets: ["mysecret"])
            let username = "\(bench.now.unixSeconds - seconds):alice"
            #expect(try restClient(bench, username, "mysecret").allocate().error == code)
        }
    }

    @Test("H07, 0d: a REST credential that has expired still refreshes, permits and binds; a new Allocate gets 401")
    func restSession() throws {
        let bench = Bench(secrets: ["mysecret"])
        let alice = restClient(bench, "\(bench.now.unixSeconds + 10):alice", "mysecret")
        _ = try alice.relayed()
        for _ in 0..<5 {
            bench.advance(seconds: 500)
            #expect(try alice.refresh().lifetime == 600)
            #expect(try alice.permit("5.6.7.8:1").isSuccess)
            #expect(try alice.bind(0x4000, to: "5.6.7.8:1").isSuccess)
        }
        #expect(
            try restClient(bench, "\(bench.now.unixSeconds - 1):alice", "mysecret", port: 2).allocate().error == 401)
        #expect(try alice.refresh(lifetime: 0).isSuccess)
        #expect(try alice.allocate().error == 401)
        #expect(try alice.refresh().error == 401)
    }

    @Test("Q02: the quota counts under the name in a REST username, whatever the expiry")
    func restQuota() throws {
        let bench = Bench(limits: RelayResources.Limits(userQuota: 2), secrets: ["mysecret"])
        #expect(try restClient(bench, "1800000000:alice", "mysecret", port: 1).allocate().isSuccess)
        #expect(try restClient(bench, "1800000001:alice", "mysecret", port: 2).allocate().isSuccess)
        #expect(try restClient(bench, "1800000002:alice", "mysecret", port: 3).allocate().error == 486)
        #expect(try restClient(bench, "1800000002:bob", "mysecret", port: 3).allocate().isSuccess)
        #expect(bench.resources.usage.users == 2)
    }

    @Test("Q01, N7: a username that is no REST username gets 401")
    func restForms() throws {
        let bench = Bench(secrets: ["mysecret"])
        for username in [
            "99999999999999999999:x", "-1:x", "+1800000000:x", " 1800000000:x", ":", "", "x", "1700000000x:y",
        ] {
            #expect(try restClient(bench, username, "mysecret").allocate().error == 401)
        }
        #expect(try restClient(bench, "1800000000:", "mysecret", port: 1).allocate().isSuccess)
        #expect(try restClient(bench, "1800000000:a:b", "mysecret", port: 2).allocate().isSuccess)
    }

    @Test("D19: another REST username of the same person is another user within an allocation")
    func otherRESTUsername() throws {
        let bench = Bench(secrets: ["mysecret"])
        #expect(try restClient(bench, "1800000000:alice", "mysecret").allocate().isSuccess)
        #expect(try restClient(bench, "1800000001:alice", "mysecret").refresh().error == 441)
    }

    // MARK: - Modes without credentials

    @Test("I1: a server without credentials answers Binding and relays nothing")
    func stunOnly() throws {
        let bench = Bench { $0.authentication = .stunOnly }
        let alice = bench.client()
        #expect(try alice.answer(to: alice.bare(.binding)).isSuccess)
        for method in Self.methods {
            let reply = try alice.answer(to: alice.bare(method) { $0.add(.requestedTransport, UInt32(17 << 24)) })
            #expect(reply.error == 403)
            #expect(reply.types == [.errorCode])
        }
        #expect(bench.isEmpty)
    }

    @Test("D01: with no-auth anybody may relay, and replies carry no integrity")
    func noAuthentication() throws {
        let bench = Bench { $0.authentication = .none }
        let alice = bench.client()
        let reply = try alice.answer(to: alice.bare(.allocate) { $0.add(.requestedTransport, UInt32(17 << 24)) })
        #expect(reply.types == [.xorRelayedAddress, .lifetime, .xorMappedAddress])
        let permitted = try alice.answer(
            to: alice.bare(.createPermission) { $0.add(.xorPeerAddress, xor: Bench.address("5.6.7.8:1")) })
        #expect(permitted.isSuccess)
        #expect(alice.send([1], to: "5.6.7.8:1").relayed != nil)
        #expect(try alice.answer(to: alice.bare(.refresh) { $0.add(.lifetime, UInt32(0)) }).lifetime == 0)
        #expect(bench.isEmpty)
    }
}
