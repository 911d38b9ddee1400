// JSON strings, in which nothing reaches a reader's terminal or line splitter that it could act upon.

extension [UInt8] {
    /// Adds a text in quotes. Characters that are not seen (controls, line separators, directions of writing, and what
    /// Unicode has not assigned) are written by their number.
    mutating func appendJSONString(_ text: String) {
        append(UInt8(ascii: "\""))
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": self += "\\\"".utf8
            case "\\": self += "\\\\".utf8
            case "\n": self += "\\n".utf8
            case "\r": self += "\\r".utf8
            case "\t": self += "\\t".utf8
            case _ where scalar.isVisible: self += UTF8.encode(scalar).map { Array($0) } ?? []
            default: for unit in UTF16.encode(scalar) ?? .init() { appendEscape(unit) }
            }
        }
        append(UInt8(ascii: "\""))
    }

    private mutating func appendEscape(_ unit: UInt16) {
        let digits = String(unit, radix: 16)
        self += "\\u".utf8
        self += repeatElement(UInt8(ascii: "0"), count: 4 - digits.utf8.count)
        self += digits.utf8
    }
}

extension Unicode.Scalar {
    /// Whether the character shows itself and nothing else.
    fileprivate var isVisible: Bool {
        if isASCII { return (0x20...0x7E).contains(value) }
        return switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}
