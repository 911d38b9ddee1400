extension Sequence<UInt8> {
    /// Bytes from a stranger's hand, fit for one line of a terminal or a log: printable ASCII as it is, everything else
    /// as `\xHH`, and no more than a line's worth.
    var printable: String {
        let limit = 64
        var text = ""
        for (index, byte) in enumerated() {
            guard index < limit else { return text + "..." }
            switch byte {
            case UInt8(ascii: "\\"), UInt8(ascii: "\""):
                text += "\\" + String(UnicodeScalar(byte))
            case 0x20...0x7E:
                text.unicodeScalars.append(UnicodeScalar(byte))
            default:
                text += (byte < 16 ? "\\x0" : "\\x") + String(byte, radix: 16)
            }
        }
        return text
    }
}
