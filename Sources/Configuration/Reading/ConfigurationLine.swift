/// One line of a configuration file, taken apart: a name and, behind a run of spaces, tabs and `=`, a value.
///
/// These are coturn's rules, and three of our own: a comment may also follow a value, a quote must be closed, and a line
/// may be as long as it likes. Any bytes are survived.
struct ConfigurationLine: Hashable, Sendable {
    /// The name of the option.
    let name: [UInt8]
    /// The value without quotes, comment and surrounding white space; nil when nothing but the name stands there.
    let value: [UInt8]?
    /// Whether a quote was opened and not closed.
    let hasOpenQuote: Bool

    /// The parts of a line; nil when it is blank or a comment.
    init?(_ line: some Collection<UInt8>) {
        let line = Array(line.drop(while: isBlank))
        guard let first = line.first, first != UInt8(ascii: "#") else { return nil }
        name = Array(line.prefix { !isSeparator($0) })
        let rest = line[name.count...]
        let text = rest.drop(while: isSeparator)
        if text.first == UInt8(ascii: "\"") {
            let quoted = Self.unquoted(text.dropFirst())
            value = quoted ?? []
            hasOpenQuote = quoted == nil
        } else {
            // The separators belong to what is searched, for a comment may follow them at once.
            let bare = Self.withoutComment(rest)
            value = bare.isEmpty ? nil : Array(bare.drop(while: isSeparator))
            hasOpenQuote = false
        }
    }

    /// What stands before the first quote that ends the line, comments aside; nil when there is no such quote.
    private static func unquoted(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        let end = text.indices.first { index in
            guard text[index] == UInt8(ascii: "\"") else { return false }
            let rest = text[(index + 1)...]
            let next = rest.firstIndex { !isBlank($0) } ?? rest.endIndex
            return next == rest.endIndex || rest[next] == UInt8(ascii: "#") && next > rest.startIndex
        }
        return end.map { Array(text[..<$0]) }
    }

    /// The text up to a `#` that follows white space, without white space at the end.
    private static func withoutComment(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let comment = text.indices.dropFirst().first { text[$0] == UInt8(ascii: "#") && isBlank(text[$0 - 1]) }
        var text = text[..<(comment ?? text.endIndex)]
        while let last = text.last, isBlank(last) { text.removeLast() }
        return text
    }
}

/// White space within a line; the carriage return comes from files of Windows.
private func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
}

private func isSeparator(_ byte: UInt8) -> Bool { isBlank(byte) || byte == UInt8(ascii: "=") }
