extension ValueForm where Value == String? {
    /// A text without further rules; an empty one means that none is set.
    static func text(_ placeholder: String) -> ValueForm {
        ValueForm(
            placeholder: placeholder,
            expectation: "text in UTF-8",
            read: { bytes in plainText(bytes).map { $0.isEmpty ? .none : .some($0) } },
            show: { $0 })
    }

    /// The path of a file; an empty one means that there is no such file.
    static var path: ValueForm { .text("<path>") }
}

extension ValueForm where Value: RawRepresentable & CaseIterable & Equatable, Value.RawValue == String {
    /// One of a few words, in upper or lower case. `prefix` may stand in front, `synonyms` are other words for a value.
    /// Without a placeholder the words themselves are shown.
    static func word(
        _ placeholder: String? = nil, prefix: String = "", synonyms: [String: Value] = [:]
    ) -> ValueForm where Value.AllCases: Sendable {
        let words = Value.allCases.map(\.rawValue)
        return ValueForm(
            placeholder: placeholder ?? "<\(words.joined(separator: "|"))>",
            expectation: "one of " + words.joined(separator: ", "),
            read: { bytes in
                var word = String(decoding: bytes, as: UTF8.self).lowercased()
                if word.hasPrefix(prefix) { word.removeFirst(prefix.count) }
                return Value(rawValue: word) ?? synonyms[word]
            },
            show: { $0.rawValue })
    }
}

extension ValueForm {
    /// The same form for a field that may also hold nothing.
    func optional() -> ValueForm<Value?> {
        let (read, show) = (read, show)
        return ValueForm<Value?>(
            placeholder: placeholder, expectation: expectation, isSecret: isSecret,
            read: { bytes in read(bytes).map { .some($0) } },
            show: { $0.flatMap(show) })
    }
}

/// Valid UTF-8 without NUL, which would cut a path short in the kernel.
func plainText(_ bytes: [UInt8]) -> String? {
    bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
}
