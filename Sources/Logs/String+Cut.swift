extension String {
    /// The text itself, or where it is longer its first `limit` Unicode scalars and how many bytes it had. (Characters
    /// would be no limit: one may carry any number of marks.)
    func cut(toScalars limit: Int) -> String {
        guard utf8.count > limit else { return self }
        let scalars = unicodeScalars
        guard let end = scalars.index(scalars.startIndex, offsetBy: limit, limitedBy: scalars.endIndex),
            end < scalars.endIndex
        else { return self }
        return self[..<end] + Self.cutMark(byteCount: utf8.count)
    }

    /// What ends a text that was cut.
    static func cutMark(byteCount: Int) -> String { "...(\(byteCount) bytes)" }
}
