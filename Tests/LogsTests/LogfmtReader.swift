import Foundation

/// Reads a logfmt line as the common readers do: bare values up to a space, quoted values as JSON strings.
enum LogfmtReader {
    /// The fields in order; nil when the line is not logfmt.
    static func read(_ line: String) -> [(key: String, value: String)]? {
        var fields: [(key: String, value: String)] = []
        var rest = Substring(line)
        while !rest.isEmpty {
            guard let equals = rest.firstIndex(of: "="), equals > rest.startIndex else { return nil }
            let key = String(rest[..<equals])
            guard !key.contains(where: { $0 == " " || $0 == "\"" }) else { return nil }
            rest = rest[rest.index(after: equals)...]
            guard let value = readValue(&rest) else { return nil }
            fields.append((key, value))
            guard rest.isEmpty || rest.removeFirst() == " " else { return nil }
        }
        return fields
    }

    private static func readValue(_ rest: inout Substring) -> String? {
        guard rest.first == "\"" else {
            let value = rest.prefix { $0 != " " }
            rest = rest.dropFirst(value.count)
            return value.contains("\"") ? nil : String(value)
        }
        var isEscaped = false
        var end = rest.index(after: rest.startIndex)
        while end < rest.endIndex, isEscaped || rest[end] != "\"" {
            isEscaped = !isEscaped && rest[end] == "\\"
            end = rest.index(after: end)
        }
        guard end < rest.endIndex else { return nil }
        let quoted = rest[...end]
        rest = rest[rest.index(after: end)...]
        return try? JSONDecoder().decode(String.self, from: Data(quoted.utf8))
    }
}
