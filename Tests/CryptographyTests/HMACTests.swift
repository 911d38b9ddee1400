import Cryptography
import Testing

@Suite("HMAC")
struct HMACTests {
    /// A key, a message and the tag that an RFC prints for them.
    struct Vector: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let key: [UInt8]
        let message: [UInt8]
        let tag: String

        init(_ name: String, key: [UInt8], _ message: [UInt8], _ tag: String) {
            testDescription = name
            self.key = key
            self.message = message
            self.tag = tag
        }
    }

    static func times(_ count: Int, _ byte: UInt8) -> [UInt8] { Array(repeating: byte, count: count) }

    static let largeKey = Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8)

    static let rfc2202 = [
        Vector("1", key: times(20, 0x0B), Array("Hi There".utf8), "b617318655057264e28bc0b6fb378c8ef146be00"),
        Vector(
            "2", key: Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
        Vector("3", key: times(20, 0xAA), times(50, 0xDD), "125d7342b9ac11cd91a39af48aa17b4f63f175d3"),
        Vector("4", key: Array(1...25), times(50, 0xCD), "4c9007f4026250c6bc8414f9bf50c86c2d7235da"),
        Vector(
            "5", key: times(20, 0x0C), Array("Test With Truncation".utf8), "4c1a03424b55e07fe7f27be1d58bb9324a9a5a04"),
        Vector("6", key: times(80, 0xAA), largeKey, "aa4ae5e15272d00e95705637ce8a3b55ed402112"),
        Vector(
            "7", key: times(80, 0xAA),
            Array("Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data".utf8),
            "e8e99d0f45237d786d6bbaa7965c7808bbff1a91"),
    ]

    static let rfc4231 = [
        Vector(
            "1", key: times(20, 0x0B), Array("Hi There".utf8),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        Vector(
            "2", key: Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        Vector(
            "3", key: times(20, 0xAA), times(50, 0xDD),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
        Vector(
            "4", key: Array(1...25), times(50, 0xCD),
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
        Vector(
            "6", key: times(131, 0xAA), largeKey, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
        Vector(
            "7", key: times(131, 0xAA),
            Array(
                ("This is a test using a larger than block-size key and a larger than block-size data. "
                    + "The key needs to be hashed before being used by the HMAC algorithm.").utf8),
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
    ]

    func tag(_ algorithm: HashAlgorithm, _ vector: Vector) -> AuthenticationTag {
        var hmac = HMAC(algorithm)
        return hmac.authenticate(vector.message.span, key: vector.key.span)
    }

    @Test("HMAC-SHA1 gives the tags of RFC 2202", arguments: rfc2202)
    func sha1(vector: Vector) {
        #expect(tag(.sha1, vector).bytes == bytes(hex: vector.tag))
    }

    @Test("HMAC-SHA256 gives the tags of RFC 4231", arguments: rfc4231)
    func sha256(vector: Vector) {
        #expect(tag(.sha256, vector).bytes == bytes(hex: vector.tag))
    }

    @Test("HMAC-SHA256 cut to 128 bits matches test 5 of RFC 4231")
    func truncated() {
        let vector = Vector("5", key: Self.times(20, 0x0C), Array("Test With Truncation".utf8), "")
        let expected = bytes(hex: "a3b6167473100ee06e0c796c2955552b")
        let matches = tag(.sha256, vector).matches(expected.span, truncatedTo: 16)
        #expect(matches)
    }

    @Test("One context serves messages in pieces and under changing keys")
    func contextReuse() {
        var hmac = HMAC(.sha1)
        for vector in Self.rfc2202 + Self.rfc2202.reversed() {
            let key = vector.key
            hmac.begin(key: key.span)
            for byte in vector.message {
                let piece = [byte]
                hmac.update(piece.span)
            }
            let tag = hmac.finish()
            #expect(tag.bytes == bytes(hex: vector.tag))
        }
    }

    @Test("An empty key authenticates nothing, and the context works on afterwards")
    func emptyKey() {
        var hmac = HMAC(.sha1)
        let key: [UInt8] = []
        let message: [UInt8] = [1]
        let tag = hmac.authenticate(message.span, key: key.span)
        #expect(tag.count == 0)
        let none: [UInt8] = []
        let matches = tag.matches(none.span) || tag.matches(message.span)
        #expect(!matches)
        let vector = Self.rfc2202[0]
        let next = hmac.authenticate(vector.message.span, key: vector.key.span)
        #expect(next.bytes == bytes(hex: vector.tag))
    }

    @Test("An empty message has a tag")
    func emptyMessage() {
        var hmac = HMAC(.sha1)
        let key: [UInt8] = [1]
        let message: [UInt8] = []
        let tag = hmac.authenticate(message.span, key: key.span)
        #expect(tag.count == 20)
    }

    @Test("A tag matches itself: not with a byte changed, not longer, not shorter")
    func matching() {
        let tag = tag(.sha1, Self.rfc2202[0])
        let good = tag.bytes
        let same = tag.matches(good.span)
        #expect(same)
        for index in good.indices {
            var bad = good
            bad[index] ^= 1
            let matches = tag.matches(bad.span)
            #expect(!matches)
        }
        for length in [0, 1, 19, 21, 32] {
            let other = Array((good + good).prefix(length))
            let matches = tag.matches(other.span)
            #expect(!matches, "\(length) bytes")
        }
    }

    @Test("A truncated tag must have the very length asked for")
    func truncation() {
        let tag = tag(.sha1, Self.rfc2202[0])
        for length in [-1, 0, 1, 12, 20, 21, 32, .max] {
            for offered in [0, 1, 12, 20, 21] {
                let candidate = Array((tag.bytes + [0]).prefix(offered))
                let matches = tag.matches(candidate.span, truncatedTo: length)
                #expect(matches == (length == offered && (1...20).contains(length)), "\(offered) for \(length)")
            }
        }
    }
}
