import ArgumentParser

/// A secret text, from the command line, where other users of the machine can read it, or from standard input.
enum SecretInput {
    /// The text, or the first line of standard input.
    static func read(_ text: String?, _ what: String) throws -> String {
        if let text { return text }
        guard let line = readLine(), !line.isEmpty else { throw ValidationError("expected \(what) on standard input") }
        return line
    }
}
