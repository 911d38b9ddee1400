import Accounts
import Addressing
import Cryptography
import STUN
import TURN
import TestBench
import Testing

@Suite("USERHASH")
struct UserhashTests {
    let bench = Bench { $0.takesUserhash = true }

    @Test("D08, D14: the nonce announces USERHASH, alone or with the algorithms")
    func announced() throws {
        for (offer, cookie) in [(PasswordAlgorithmOffer.unannounced, "obMatJos2QAAA"), (.sha256OrMD5, "obMatJos2wAAA")]
        {
            let bench = Bench {
                $0.takesUserhash = true
                $0.passwordAlgorithms = offer
            }
            let alice = bench.client()
            try alice.takeNonce()
            #expect(try #require(alice.nonce).starts(with: Array(cookie.utf8)))
        }
    }

    @Test("D14, V6: a user may give a hash for a name, and is the same user")
    func hidden() throws {
        let alice = bench.client()
        alice.hidesUsername = true
        #expect(try alice.allocate().isSuccess)
        #expect(bench.engine.allocations.owner(of: 0).username == alice.username)
        alice.hidesUsername = false
        #expect(try alice.refresh().isSuccess)
        let bob = bench.client("bob")
        bob.hidesUsername = true
        #expect(try bob.refresh().error == 441)
        alice.hidesUsername = true
        #expect(try alice.refresh(lifetime: 0).isSuccess)
        #expect(bench.isEmpty)
    }

    @Test("D14, D12: USERHASH goes together with a SHA-256 key")
    func withSHA256() throws {
        let bench = Bench {
            $0.takesUserhash = true
            $0.passwordAlgorithms = .sha256OrMD5
        }
        let alice = bench.client()
        try alice.takeNonce()
        alice.use(.sha256)
        alice.hidesUsername = true
        #expect(try alice.allocate().hasIntegritySHA256(under: alice.key))
    }

    @Test("D03, D14: the hash of nobody gets what a wrong password gets")
    func unknown() throws {
        let alice = bench.client()
        try alice.takeNonce()
        let stranger = bench.client("nobody")
        stranger.nonce = alice.nonce
        stranger.hidesUsername = true
        alice.hidesUsername = true
        alice.key = [1]
        let id = TestClient.freshTransactionID()
        #expect(
            try stranger.answer(to: stranger.message(.allocate, id)) == alice.answer(to: alice.message(.allocate, id)))
    }

    @Test("D14: a hash that is not 32 bytes gets 400", arguments: [0, 16, 31, 33, 64])
    func length(count: Int) throws {
        let alice = bench.client()
        try alice.takeNonce()
        var writer = MessageWriter()
        writer.begin(MessageType(.allocate, .request), TestClient.freshTransactionID())
        writer.add(.userhash, [UInt8](repeating: 7, count: count))
        writer.add(.realm, alice.realm)
        writer.add(.nonce, alice.nonce ?? [])
        alice.sign(&writer)
        #expect(try alice.answer(to: writer.bytes).error == 400)
    }

    @Test("D14: beside REST secrets it is neither announced nor taken, as their users cannot be listed")
    func rest() throws {
        let bench = Bench(secrets: ["mysecret"]) { $0.takesUserhash = true }
        let alice = bench.client()
        try alice.takeNonce()
        #expect(try #require(alice.nonce).starts(with: Array("obMatJos2AAAA".utf8)))
        alice.hidesUsername = true
        #expect(try alice.answer(to: alice.message(.allocate)).error == 400)
        alice.hidesUsername = false
        #expect(try alice.allocate().isSuccess)
    }
}
