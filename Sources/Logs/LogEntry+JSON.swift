internal import Logging

extension LogEntry {
    /// The entry as a JSON object.
    var jsonLine: [UInt8] {
        var line: [UInt8] = [UInt8(ascii: "{")]
        for (index, field) in fields.enumerated() {
            if index > 0 { line.append(UInt8(ascii: ",")) }
            line.appendJSONString(field.key.cut(toScalars: Self.scalarLimit))
            line.append(UInt8(ascii: ":"))
            line.appendJSON(field.value)
        }
        line.append(UInt8(ascii: "}"))
        return line
    }
}

extension [UInt8] {
    /// Adds a value as JSON: numbers and truth values as such, everything else as strings, arrays and objects.
    mutating func appendJSON(_ value: Logger.MetadataValue) {
        switch value {
        case .string(let text):
            appendJSONString(text.cut(toScalars: LogEntry.scalarLimit))
        case .stringConvertible(let value):
            let text = value.description
            if Self.isJSONLiteral(value) {
                self += text.utf8
            } else {
                appendJSONString(text.cut(toScalars: LogEntry.scalarLimit))
            }
        case .array(let elements):
            append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { append(UInt8(ascii: ",")) }
                appendJSON(element)
            }
            append(UInt8(ascii: "]"))
        case .dictionary(let members):
            append(UInt8(ascii: "{"))
            for (index, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { append(UInt8(ascii: ",")) }
                appendJSONString(member.key.cut(toScalars: LogEntry.scalarLimit))
                append(UInt8(ascii: ":"))
                appendJSON(member.value)
            }
            append(UInt8(ascii: "}"))
        }
    }

    private static func isJSONLiteral(_ value: any CustomStringConvertible & Sendable) -> Bool {
        switch value {
        case is Bool, is any FixedWidthInteger: true
        case let number as Double: number.isFinite
        default: false
        }
    }
}
