import Cryptography
import TURNClient
import Testing

@Suite("Challenges and keys")
struct ChallengeTests {
    @Test("The keys of RFC 8489 §9.2.2")
    func keys() {
        let credentials = Credentials(username: "user", password: "pass")
        let realm = Array("realm".utf8)
        #expect(credentials.key(realm: realm, .md5).hex == "8493fbc53ba582fb4c044c456bdc40eb")
        #expect(
            credentials.key(realm: realm, .sha256).hex
                == "07e934117abd40836e7c6329b54731b2b2d2a5f9a71f544922d75e0730d8251b")
    }

    @Test(
        "D08: the first security feature bit announces PASSWORD-ALGORITHMS",
        arguments: [
            ("obMatJos2gAAAxyz", true), ("obMatJos2wAAA", true), ("obMatJos2QAAA", false), ("obMatJos2AAAC", false),
            ("obMatJos2gAA", false), ("obMatJos3gAAA", false), ("gAAA", false), ("", false), ("obMatJos2/AAA", true),
        ])
    func announcement(nonce: String, announces: Bool) {
        let challenge = Challenge(realm: [], nonce: Array(nonce.utf8), passwordAlgorithms: [0, 1, 0, 0])
        #expect(challenge.announcesPasswordAlgorithms == announces)
        #expect(challenge.preferredAlgorithm == (announces ? .md5 : nil))
    }

    @Test(
        "D08: the second security feature bit announces USERHASH",
        arguments: [
            ("obMatJos2QAAA", true), ("obMatJos2wAAAxyz", true), ("obMatJos2gAAA", false), ("obMatJos2AAAC", false),
            ("obMatJos2/AAA", true), ("obMatJos2=AAA", false), ("obMatJos2", false),
        ])
    func userhashAnnouncement(nonce: String, announces: Bool) {
        #expect(Challenge(realm: [], nonce: Array(nonce.utf8)).announcesUserhash == announces)
    }

    @Test("D14: the USERHASH of a user in a realm")
    func userhash() {
        let hash = Credentials(username: "user", password: "").userhash(realm: Array("realm".utf8))
        #expect(hash.hex == "6a3029116b47aa98bcaa325399733dc1a23cd57e26b81bef3ff6531ce624e2da")
    }

    @Test(
        "D09: the first algorithm that is known is chosen, and a broken list chooses none",
        arguments: [
            ([0, 2, 0, 0, 0, 1, 0, 0], .sha256), ([0, 1, 0, 0, 0, 2, 0, 0], .md5),
            ([0, 9, 0, 3, 1, 2, 3, 0, 0, 2, 0, 0], .sha256), ([0, 9, 0, 200, 0, 2, 0, 0], nil),
            ([0, 2, 0], nil), ([], nil), ([0, 2, 0, 4, 1, 2, 3, 4], nil),
        ] as [([UInt8], PasswordAlgorithm?)])
    func choice(list: [UInt8], expected: PasswordAlgorithm?) {
        let challenge = Challenge(realm: [], nonce: Array("obMatJos2gAAA".utf8), passwordAlgorithms: list)
        #expect(challenge.preferredAlgorithm == expected)
    }
}

extension [UInt8] {
    /// The bytes in hexadecimal.
    fileprivate var hex: String { map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
}
