internal import Cryptography

/// The keys of the long-term credential mechanism (RFC 8489 §9.2.2).
package enum LongTermKey {
    /// MD5(username ":" realm ":" password), the key of every client that names no other algorithm; nil only where
    /// OpenSSL refuses MD5.
    ///
    /// The bytes are taken as they are: preparing the strings (RFC 8265) is the affair of whoever typed them.
    package static func md5(username: [UInt8], realm: [UInt8], password: [UInt8]) -> [UInt8]? {
        let colon = [UInt8(ascii: ":")]
        return HashAlgorithm.md5.hash(username + colon + realm + colon + password)
    }
}
