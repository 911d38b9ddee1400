import Cryptography
import Testing

@Suite("Authenticated encryption")
struct AuthenticatedCipherTests {
    let nonce = [UInt8](repeating: 3, count: 12)

    @Test("P01, T: a token of RFC 7635 under AES-256-GCM is sealed and opened as the vector has it")
    func vector() throws {
        let key = Array("HGkj32KJGiuy098sdfaqbNjOiaz71923".utf8)
        let cipher = try #require(AuthenticatedCipher(.aes256GCM, key: key))
        let name = Array("blackdow.carleon.gov".utf8)
        let nonce = bytes(hex: "8788f79369769f86f9000000")
        var text: [UInt8] = [0, 20]
        text += Array("ZksjpweoixXmvn67534m".utf8)
        text += [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x0E, 0x10]
        text.replaceSubrange(
            22..<30, with: (0..<8).map { UInt8(truncatingIfNeeded: 92_470_300_704_768 >> (56 - 8 * $0)) })
        let sealed = bytes(
            hex:
                "f1926f774b352b2c0d83b2e17cd268a55a4e2c14ac318bfdeb30314498b4074f77cfe31d7930ce84a30ac6e5d8af9bb76f63")
        #expect(cipher.seal(text, nonce: nonce, associated: name) == sealed)
        #expect(cipher.open(sealed, nonce: nonce, associated: name) == text)
    }

    @Test("Whatever is changed, nothing is opened", arguments: AuthenticatedCipher.Algorithm.allCases)
    func changed(algorithm: AuthenticatedCipher.Algorithm) throws {
        let key = [UInt8](repeating: 7, count: algorithm.keyByteCount)
        let cipher = try #require(AuthenticatedCipher(algorithm, key: key))
        let text = Array("attack at dawn".utf8)
        let sealed = try #require(cipher.seal(text, nonce: nonce, associated: [1]))
        #expect(sealed.count == text.count + AuthenticatedCipher.tagByteCount)
        #expect(cipher.open(sealed, nonce: nonce, associated: [1]) == text)
        for index in sealed.indices {
            var bad = sealed
            bad[index] ^= 1
            #expect(cipher.open(bad, nonce: nonce, associated: [1]) == nil)
        }
        for count in sealed.indices {
            #expect(cipher.open(Array(sealed[..<count]), nonce: nonce, associated: [1]) == nil)
        }
        #expect(cipher.open(sealed, nonce: nonce) == nil)
        #expect(cipher.open(sealed, nonce: [UInt8](repeating: 4, count: 12), associated: [1]) == nil)
        let other = try #require(AuthenticatedCipher(algorithm, key: [UInt8](repeating: 8, count: key.count)))
        #expect(other.open(sealed, nonce: nonce, associated: [1]) == nil)
    }

    @Test("An empty text has a tag all the same; keys and nonces of other lengths are refused")
    func edges() throws {
        let cipher = try #require(AuthenticatedCipher(.aes128GCM, key: [UInt8](repeating: 1, count: 16)))
        let sealed = try #require(cipher.seal([], nonce: nonce))
        #expect(sealed.count == 16)
        #expect(cipher.open(sealed, nonce: nonce) == [])
        #expect(cipher.seal([1], nonce: [1, 2]) == nil)
        #expect(cipher.open(sealed, nonce: []) == nil)
        #expect(AuthenticatedCipher(.aes256GCM, key: [1]) == nil)
    }
}
