import Cryptography
import Testing

@Suite("Hashes")
struct HashAlgorithmTests {
    @Test(
        "Hashes are those of the standards",
        arguments: [
            (HashAlgorithm.md5, "", "d41d8cd98f00b204e9800998ecf8427e"),
            (.md5, "abc", "900150983cd24fb0d6963f7d28e17f72"),
            (.md5, "user:realm:pass", "8493fbc53ba582fb4c044c456bdc40eb"),
            (.sha1, "", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
            (.sha1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (.sha256, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            (.sha256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (.sha256, "user:realm:pass", "07e934117abd40836e7c6329b54731b2b2d2a5f9a71f544922d75e0730d8251b"),
            (.sha256, "user:realm", "6a3029116b47aa98bcaa325399733dc1a23cd57e26b81bef3ff6531ce624e2da"),
        ])
    func vectors(algorithm: HashAlgorithm, message: String, digest: String) {
        #expect(algorithm.hash(Array(message.utf8)) == bytes(hex: digest))
        #expect(algorithm.byteCount == bytes(hex: digest).count)
    }
}
