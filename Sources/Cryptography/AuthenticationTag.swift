internal import COpenSSL

/// The value of an HMAC, held in place. Compared only in constant time: there is no `==`.
package struct AuthenticationTag: Sendable {
    private var storage = InlineArray<32, UInt8>(repeating: 0)
    /// The length in bytes; zero when the computation failed.
    package internal(set) var count = 0

    init() {}

    /// The byte at `index`.
    package subscript(index: Int) -> UInt8 { storage[index] }

    /// The bytes as an array.
    package var bytes: [UInt8] { (0..<count).map { storage[$0] } }

    /// Whether `candidate` is this tag or, when `truncatedTo` is given, its first bytes. The time taken depends on the
    /// length alone. A failed tag matches nothing.
    package func matches(_ candidate: Span<UInt8>, truncatedTo length: Int? = nil) -> Bool {
        let expected = length ?? count
        guard count > 0, expected > 0, expected <= count, candidate.count == expected else { return false }
        return unsafe storage.span.withUnsafeBufferPointer { own in
            unsafe candidate.withUnsafeBufferPointer { candidate in
                unsafe CRYPTO_memcmp(own.baseAddress, candidate.baseAddress, expected) == 0
            }
        }
    }

    mutating func withStorage<Result>(_ body: (UnsafeMutableBufferPointer<UInt8>) -> Result) -> Result {
        var span = storage.mutableSpan
        return unsafe span.withUnsafeMutableBufferPointer { unsafe body($0) }
    }
}
