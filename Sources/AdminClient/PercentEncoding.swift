/// What stands in a request's target (RFC 3986 §2).
package enum PercentEncoding {
    /// A text as one segment of a path, or as a name or value of a query: everything but unreserved characters is encoded.
    package static func encode(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            let isUnreserved = Unicode.Scalar(byte).properties.isAlphabetic && byte < 0x80
            if isUnreserved || (0x30...0x39).contains(byte) || "-._~".utf8.contains(byte) {
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                encoded += byte < 16 ? "%0" : "%"
                encoded += String(byte, radix: 16, uppercase: true)
            }
        }
        return encoded
    }

    static func target(_ path: String, _ query: [(String, String)]) -> String {
        guard !query.isEmpty else { return path }
        return path + "?" + query.map { "\(encode($0))=\(encode($1))" }.joined(separator: "&")
    }
}
