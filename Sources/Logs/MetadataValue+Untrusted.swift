package import Logging

extension Logger.MetadataValue {
    /// A value that a stranger chose, such as a USERNAME: at most 64 characters of it, told from every other such value.
    ///
    /// Bytes that are not UTF-8 are shown as `\xff` and a backslash as two, so that different bytes never look the
    /// same. Controls and the like are left to the form of the line, which escapes them in every value.
    package static func untrusted(_ bytes: [UInt8]) -> Self {
        let limit = 64
        var text = ""
        var parser = Unicode.UTF8.ForwardParser()
        var input = bytes.makeIterator()
        var position = 0
        for _ in 0..<limit {
            switch parser.parseScalar(from: &input) {
            case .valid(let encoded):
                position += encoded.count
                let scalar = Unicode.UTF8.decode(encoded)
                text += scalar == "\\" ? "\\\\" : String(scalar)
            case .error(let length):
                for byte in bytes[position..<position + length] { text += "\\x" + hexadecimal(byte) }
                position += length
            case .emptyInput:
                return .string(text)
            }
        }
        return .string(position < bytes.count ? text + String.cutMark(byteCount: bytes.count) : text)
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
}
