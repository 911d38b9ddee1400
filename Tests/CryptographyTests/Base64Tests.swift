import Cryptography
import Testing

@Suite("Base64")
struct Base64Tests {
    @Test(
        "RFC 4648 section 10",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ])
    func vectors(text: String, encoded: String) {
        #expect(Base64.encode(Array(text.utf8)) == Array(encoded.utf8))
    }

    @Test("All values of a byte, and no line breaks in a long text")
    func long() {
        #expect(Base64.encode([0xFB, 0xEF, 0xFF]) == Array("++//".utf8))
        let text = Base64.encode(Array(repeating: 0, count: 3000))
        #expect(text == Array(repeating: UInt8(ascii: "A"), count: 4000))
    }
}
