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

    /// The bytes of a text, padded as it has to be; nil where it is none.
    package static func decode(_ text: [UInt8]) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        var bytes = [UInt8](repeating: 0, count: text.count / 4 * 3)
        let length = unsafe text.withUnsafeBufferPointer { text in
            unsafe bytes.withUnsafeMutableBufferPointer { bytes in
                unsafe EVP_DecodeBlock(bytes.baseAddress, text.baseAddress, Int32(truncatingIfNeeded: text.count))
            }
        }
        // White space around the text is no text.
        guard length == bytes.count else { return nil }
        // Padding is decoded as zeros.
        bytes.removeLast(text.suffix(2).count { $0 == UInt8(ascii: "=") })
        return bytes
    }
}
