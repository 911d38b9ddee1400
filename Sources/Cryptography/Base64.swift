internal import COpenSSL

/// Base64 with the standard alphabet and padding (RFC 4648 §4), as the TURN REST API writes its passwords.
package enum Base64 {
    /// The text for some bytes, as ASCII.
    package static func encode(_ bytes: [UInt8]) -> [UInt8] {
        // EVP_EncodeBlock writes a terminating NUL behind the text.
        var text = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
        let length = unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe text.withUnsafeMutableBufferPointer { text in
                unsafe EVP_EncodeBlock(text.baseAddress, bytes.baseAddress, Int32(truncatingIfNeeded: bytes.count))
            }
        }
        text.removeLast(text.count - Int(length))
        return text
    }
}
