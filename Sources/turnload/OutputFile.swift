import FoundationEssentials

/// Where a report is written.
enum OutputFile {
    /// Writes a text to a file, or to the standard output for `-`.
    static func write(_ text: String, to path: String) throws {
        if path == "-" {
            print(text)
        } else {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }
    }
}
