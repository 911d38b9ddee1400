import Accounts
import Addressing
import Cryptography
import STUN
import TURN
import TestBench
import Testing

@Suite("Password algorithms")
struct PasswordAlgorithmTests {
    let bench = Bench { $0.passwordAlgorithms = .sha256OrMD5 }
    static let both: [UInt8] = [0, 2, 0, 0, 0, 1, 0, 0]
    static let sha256: [UInt8] = [0, 2, 0, 0]
    static let md5: [UInt8] = [0, 1, 0, 0]

    /// A signed Refresh with these values of PASSWORD-ALGORITHMS and PASSWORD-ALGORITHM; without an allocation 437 is what
    /// a client with right credentials gets.
    func refresh(_ client: TestClient, algorithms: [UInt8]?, algorithm: [UInt8]?) throws -> Reply {
        try client.answer(
            to: client.message(.refresh) { writer in
                if let algorithms { writer.add(.passwordAlgorithms, algorithms) }
                if let algorithm { writer.add(.passwordAlgorithm, algorithm) }
            })
    }

    @Test("D08, D09, P4: the challenge announces both algorithms, in the nonce and in PASSWORD-ALGORITHMS")
    func challenge() throws {
        let alice = bench.client()
        let reply = try alice.answer(to: alice.bare(.allocate))
        #expect(reply.error == 401)
        #expect(reply.types == [.errorCode, .realm, .nonce, .passwordAlgorithms])
        #expect(reply.value(.passwordAlgorithms) == Self.both)
        #expect(try #require(reply.value(.nonce)).starts(with: Array("obMatJos2gAAA".utf8)))
    }

    @Test("D05, D09: the 438 announces them too")
    func stale() throws {
        let alice = bench.client()
        try alice.takeNonce()
        alice.use(.sha256)
        bench.advance(seconds: 601)
        let reply = try alice.answer(to: alice.message(.refresh))
        #expect(reply.error == 438)
        #expect(reply.types == [.errorCode, .realm, .nonce, .passwordAlgorithms])
    }

    @Test("D10, D13, P1: a client that names none is served as MD5, with MESSAGE-INTEGRITY")
    func namesNone() throws {
        let alice = bench.client()
        alice.addsFingerprint = true
        let reply = try alice.allocate()
        #expect(reply.isSuccess)
        #expect(Array(reply.types.suffix(2)) == [.messageIntegrity, .fingerprint])
        #expect(reply.hasIntegrity(under: alice.key))
        #expect(try alice.refresh().isSuccess)
    }

    @Test("D12, D13, P2: a client that names SHA-256 has a key of it, and gets MESSAGE-INTEGRITY-SHA256")
    func namesSHA256() throws {
        let alice = bench.client()
        try alice.takeNonce()
        alice.use(.sha256)
        let reply = try alice.allocate()
        #expect(reply.isSuccess)
        #expect(reply.types.last == .messageIntegritySHA256)
        #expect(reply.hasIntegritySHA256(under: alice.key))
        #expect(alice.key.count == 32)
        #expect(try alice.permit().hasIntegritySHA256(under: alice.key))
        #expect(try alice.refresh(lifetime: 0).isSuccess)
    }

    @Test("D12: a client that names MD5 has a key of it")
    func namesMD5() throws {
        let alice = bench.client()
        try alice.takeNonce()
        alice.use(.md5)
        let reply = try alice.allocate()
        #expect(reply.isSuccess)
        #expect(reply.hasIntegritySHA256(under: alice.key))
        #expect(alice.key.count == 16)
    }

    @Test("D13: naming an algorithm with MESSAGE-INTEGRITY alone still gets MESSAGE-INTEGRITY-SHA256")
    func sha1Request() throws {
        let alice = bench.client()
        try alice.takeNonce()
        alice.use(.sha256)
        alice.usesSHA256 = false
        #expect(try alice.allocate().hasIntegritySHA256(under: alice.key))
    }

    @Test("B08, P3: with both integrities the SHA-256 one counts, under the key of the named algorithm")
    func bothIntegrities() throws {
        let alice = bench.client()
        try alice.takeNonce()
        alice.use(.sha256)
        let key = alice.key
        for (sha1Key, sha256Key, error): ([UInt8], [UInt8], UInt16) in [
            (key, key, 437), ([1], key, 437), (key, [1], 401),
        ] {
            var writer = MessageWriter()
            writer.begin(MessageType(.refresh, .request), TestClient.freshTransactionID())
            alice.addCredentials(&writer)
            (alice.key, alice.usesSHA256) = (sha1Key, false)
            alice.sign(&writer)
            (alice.key, alice.usesSHA256) = (sha256Key, true)
            alice.sign(&writer)
            #expect(try alice.answer(to: writer.bytes).error == error)
        }
    }

    @Test("D12: the key of the other algorithm opens nothing")
    func otherKey() throws {
        let alice = bench.client()
        try alice.takeNonce()
        let md5Key = alice.key
        alice.use(.sha256)
        alice.key = md5Key
        #expect(try alice.answer(to: alice.message(.allocate)).error == 401)
        alice.key = try #require(
            PasswordAlgorithm.sha256.key(
                username: alice.username, realm: Bench.realm, password: Array("alice-pass".utf8)))
        alice.use(.md5)
        alice.key = Array(repeating: 0, count: 16)
        #expect(try alice.answer(to: alice.message(.allocate)).error == 401)
    }

    @Test("D11, N3: naming an algorithm without the list, the list alone, or another list gets 400")
    func bidDown() throws {
        let alice = bench.client()
        try alice.takeNonce()
        alice.use(.sha256)
        let sha256Key = alice.key
        let plain = bench.client()
        plain.nonce = alice.nonce
        plain.usesSHA256 = true
        plain.key = sha256Key
        #expect(try refresh(plain, algorithms: Self.both, algorithm: Self.sha256).error == 437)
        #expect(try refresh(plain, algorithms: nil, algorithm: Self.sha256).error == 400)
        #expect(try refresh(plain, algorithms: Self.both, algorithm: nil).error == 400)
        for list in [
            Self.md5, Self.sha256, Self.md5 + Self.sha256, Self.both + Self.md5, [], [0, 2, 0, 4, 1, 2, 3, 4],
        ] {
            let reply = try refresh(plain, algorithms: list, algorithm: Self.sha256)
            #expect(reply.error == 400)
            #expect(reply.types == [.errorCode])
        }
    }

    @Test("D11: an algorithm that was not offered, or with parameters, or cut short gets 400")
    func wrongChoice() throws {
        let alice = bench.client()
        try alice.takeNonce()
        for choice: [UInt8] in [
            [0, 0, 0, 0], [0, 3, 0, 0], [1, 2, 0, 0], [0, 2, 0, 1, 7], [0, 2, 0, 1], [0, 2, 0], [0, 2], [],
            [0, 2, 0, 0, 0, 0, 0, 0],
        ] {
            #expect(try refresh(alice, algorithms: Self.both, algorithm: choice).error == 400)
        }
    }

    @Test("D11, D16: the algorithms are judged before user and integrity, and after the nonce's maker")
    func order() throws {
        let stranger = bench.client("nobody")
        try stranger.takeNonce()
        #expect(try refresh(stranger, algorithms: nil, algorithm: Self.sha256).error == 400)
        #expect(try refresh(stranger, algorithms: Self.both, algorithm: Self.md5).error == 401)
        stranger.nonce = Array("obMatJos2gAAA000000000123456789abcdef".utf8)
        #expect(try refresh(stranger, algorithms: nil, algorithm: Self.sha256).error == 438)
    }

    @Test("D08, N3: a nonce whose features were rewritten on the way is not taken")
    func rewrittenCookie() throws {
        let alice = bench.client()
        try alice.takeNonce()
        for cookie in ["AAAA", "QAAA", "wAAA", "gAAB"] {
            let nonce = try #require(alice.nonce)
            alice.nonce?.replaceSubrange(9..<13, with: Array(cookie.utf8))
            let reply = try alice.answer(to: alice.message(.refresh))
            #expect(reply.error == 438)
            #expect(reply.value(.passwordAlgorithms) == Self.both)
            alice.nonce = nonce
        }
    }

    @Test("D09: without the switch the attributes are not looked at")
    func unannounced() throws {
        let alice = Bench().client()
        try alice.takeNonce()
        #expect(alice.offeredAlgorithms == nil)
        #expect(try refresh(alice, algorithms: nil, algorithm: Self.sha256).error == 437)
        alice.use(.sha256)
        #expect(try alice.answer(to: alice.message(.refresh)).error == 401)
    }

    @Test("D19: the owner of an allocation may change the algorithm within it; another key of his is no other user")
    func changesAlgorithm() throws {
        let alice = bench.client()
        _ = try alice.relayed()
        alice.use(.sha256)
        #expect(try alice.refresh().isSuccess)
        alice.use(.md5)
        #expect(try alice.refresh(lifetime: 0).isSuccess)
        #expect(bench.isEmpty)
    }

    @Test("Q01: a REST password makes a SHA-256 key as well")
    func rest() throws {
        let bench = Bench(secrets: ["mysecret"]) { $0.passwordAlgorithms = .sha256OrMD5 }
        let alice = bench.client()
        try alice.takeNonce()
        alice.use(.sha256)
        alice.username = Array("1893456000:alice".utf8)
        alice.key = try #require(
            PasswordAlgorithm.sha256.key(
                username: alice.username, realm: Bench.realm, password: Array("GCbZQwJBy2lYsjuoFZlW5DTBLl0=".utf8)))
        #expect(try alice.allocate().isSuccess)
    }

    @Test("N3: require-sha256 offers SHA-256 alone, and turns away whoever does not use it")
    func required() throws {
        let bench = Bench { $0.passwordAlgorithms = .sha256Only }
        let alice = bench.client()
        try alice.takeNonce()
        #expect(alice.offeredAlgorithms == Self.sha256)
        let refused = try alice.answer(to: alice.message(.allocate))
        #expect(refused.error == 401)
        #expect(refused.value(.passwordAlgorithms) == Self.sha256)
        alice.use(.md5)
        #expect(try alice.answer(to: alice.message(.allocate)).error == 400)
        alice.use(.sha256)
        alice.usesSHA256 = false
        #expect(try alice.answer(to: alice.message(.allocate)).error == 401)
        alice.usesSHA256 = true
        #expect(try alice.allocate().isSuccess)
    }

    @Test(
        "D15: realm and password count byte by byte: other normal forms, and what SASLprep would fold, are other keys")
    func bytes() throws {
        let users = [StaticUser(name: Array("u".utf8), secret: .password(Array("The\u{AD}M\u{AA}tr\u{2168}".utf8)))]
        let bench = Bench {
            $0.passwordAlgorithms = .sha256OrMD5
            $0.authentication = .longTerm(Accounts(realm: Bench.realm, users: users))
        }
        let client = bench.client("u")
        try client.takeNonce()
        for (password, error): (String, UInt16) in [("TheMatrIX", 401), ("The\u{AD}M\u{AA}tr\u{2168}", 437)] {
            for algorithm in PasswordAlgorithm.allCases {
                client.use(algorithm)
                client.key = try #require(
                    algorithm.key(username: client.username, realm: Bench.realm, password: Array(password.utf8)))
                #expect(try client.answer(to: client.message(.refresh)).error == error)
            }
        }
    }
}
