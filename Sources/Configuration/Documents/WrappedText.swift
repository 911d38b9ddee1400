/// Text broken into lines between words.
struct WrappedText {
    /// The lines, none longer than the width unless a single word is.
    let lines: [String]

    /// Breaks a text; the first line follows `first`, the others `rest`, which both count for the width.
    init(_ text: String, width: Int, first: String = "", rest: String = "") {
        var lines: [String] = []
        var line = first
        var isEmpty = true
        for word in text.split(separator: " ") {
            if !isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = rest
                isEmpty = true
            }
            line += (isEmpty ? "" : " ") + word
            isEmpty = false
        }
        self.lines = lines + [line]
    }
}
