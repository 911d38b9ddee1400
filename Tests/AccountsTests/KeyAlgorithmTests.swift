import Accounts
import Cryptography
import Testing

@Suite("Keys by algorithm")
struct KeyAlgorithmTests {
    let realm = Array("realm".utf8)
    let user = Array("user".utf8)

    /// Bytes from hexadecimal digits.
    func hex(_ text: String) -> [UInt8] {
        let digits = text.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    func keys(_ accounts: Accounts, _ algorithm: PasswordAlgorithm) -> [[UInt8]] {
        accounts.candidateKeys(for: user, algorithm, unixSeconds: 1_700_000_000)
    }

    @Test("D12: the SHA-256 key of user:realm:pass is the known one")
    func sha256Key() {
        let expected = hex("07e934117abd40836e7c6329b54731b2b2d2a5f9a71f544922d75e0730d8251b")
        let accounts = Accounts(
            realm: realm, users: [StaticUser(name: user, secret: .password(Array("pass".utf8)))])
        #expect(keys(accounts, .sha256) == [expected])
        #expect(keys(accounts, .md5).map(\.count) == [16])
    }

    @Test("V6: the key of RFC 8489 B.1, of the password prepared as OpaqueString, is the one of erratum 6268")
    func erratum6268() {
        let key = PasswordAlgorithm.sha256.key(
            username: Array("\u{30DE}\u{30C8}\u{30EA}\u{30C3}\u{30AF}\u{30B9}".utf8), realm: Array("example.org".utf8),
            password: Array("TheMatrIX".utf8))
        #expect(key == hex("dd295a613b9058c3c23d6dc7165bda072304d989c9d0af3a8c7e184b4f9bb4a1"))
    }

    @Test("D12: a user whose key is written down logs in by the algorithm of its length alone")
    func writtenKeys() {
        let short = [UInt8](repeating: 1, count: 16)
        let long = [UInt8](repeating: 2, count: 32)
        let shortOnly = Accounts(realm: realm, users: [StaticUser(name: user, secret: .key(short))])
        #expect(keys(shortOnly, .md5) == [short])
        #expect(keys(shortOnly, .sha256) != [short] && keys(shortOnly, .sha256).map(\.count) == [32])
        let longOnly = Accounts(realm: realm, users: [StaticUser(name: user, secret: .key(long))])
        #expect(keys(longOnly, .sha256) == [long])
        #expect(keys(longOnly, .md5) != [long] && keys(longOnly, .md5).map(\.count) == [16])
    }

    @Test("D14, V6: USERHASH is the SHA-256 of user:realm, and finds the user of the realm")
    func userhash() {
        let name = Array("\u{30DE}\u{30C8}\u{30EA}\u{30C3}\u{30AF}\u{30B9}".utf8)
        let accounts = Accounts(
            realm: Array("example.org".utf8), users: [StaticUser(name: name, secret: .password([1]))])
        #expect(
            accounts.username(hashed: hex("4a3cf38fef6992bda952c6780417da0f24819415569e60b205c46e41407f1704")) == name)
        let other = Accounts(realm: realm, users: [StaticUser(name: user, secret: .password([1]))])
        #expect(
            other.username(hashed: hex("6a3029116b47aa98bcaa325399733dc1a23cd57e26b81bef3ff6531ce624e2da")) == user)
        #expect(other.username(hashed: [UInt8](repeating: 0, count: 32)) == nil)
    }

    @Test("D14: with REST secrets not every user can be listed")
    func listed() {
        #expect(Accounts(realm: realm, users: [StaticUser(name: user, secret: .password([1]))]).areAllUsersListed)
        #expect(!Accounts(realm: realm, secrets: [[1]]).areAllUsersListed)
    }
}
