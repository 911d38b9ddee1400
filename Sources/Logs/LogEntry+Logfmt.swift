internal import Logging

extension LogEntry {
    /// The entry as `key=value` pairs. A value that could be misread stands in quotes, as a JSON string.
    var logfmtLine: [UInt8] {
        var line: [UInt8] = []
        for (index, field) in fields.enumerated() {
            if index > 0 { line.append(UInt8(ascii: " ")) }
            line += Self.logfmtKey(field.key.cut(toScalars: Self.scalarLimit))
            line.append(UInt8(ascii: "="))
            line.appendLogfmt(field.value)
        }
        return line
    }

    /// Keys cannot be quoted in logfmt, so what would end one becomes an underscore.
    private static func logfmtKey(_ key: String) -> [UInt8] {
        guard !key.isEmpty else { return [UInt8(ascii: "_")] }
        return key.utf8.map { $0.isBareInLogfmt ? $0 : UInt8(ascii: "_") }
    }
}

extension [UInt8] {
    fileprivate mutating func appendLogfmt(_ value: Logger.MetadataValue) {
        let text: String
        switch value {
        case .string(let string): text = string.cut(toScalars: LogEntry.scalarLimit)
        case .stringConvertible(let value): text = value.description.cut(toScalars: LogEntry.scalarLimit)
        case .array, .dictionary:
            var json: [UInt8] = []
            json.appendJSON(value)
            text = String(decoding: json, as: UTF8.self)
        }
        if !text.isEmpty, text.utf8.allSatisfy(\.isBareInLogfmt) {
            self += text.utf8
        } else {
            appendJSONString(text)
        }
    }
}

extension UInt8 {
    /// Visible ASCII without the characters that mean something in logfmt.
    fileprivate var isBareInLogfmt: Bool {
        switch self {
        case UInt8(ascii: "\""), UInt8(ascii: "="), UInt8(ascii: "\\"): false
        default: (0x21...0x7E).contains(self)
        }
    }
}
