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
