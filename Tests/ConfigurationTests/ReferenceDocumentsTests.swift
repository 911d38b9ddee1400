import Configuration
import FoundationEssentials
import Testing

/// Holds turnserver.conf.example and Docs/configuration.md to the table. `CULVERT_REWRITE_REFERENCE=1 swift test
/// --filter ReferenceDocumentsTests` writes them anew.
struct ReferenceDocumentsTests {
    private static let rewrites = ProcessInfo.processInfo.environment["CULVERT_REWRITE_REFERENCE"] != nil

    @Test func theFilesAreThoseOfTheTable() throws {
        for document in ReferenceDocuments.render() {
            if Self.rewrites {
                try Data(document.text.utf8).write(to: URL(filePath: repository + "/" + document.path))
            }
            let written = try #require(bytes(of: document.path), "\(document.path) is missing")
            #expect(String(decoding: written, as: UTF8.self) == document.text, "\(document.path) is out of date")
        }
    }

    @Test func theExampleSaysNothingButComments() {
        #expect(load(ReferenceDocuments.render()[0].text).problems == load("").problems)
    }

    /// A copy of the example with every comment opened gives no known secret and no password away.
    @Test func theExampleHoldsNoWorkingSecret() {
        let lines = ReferenceDocuments.render()[0].text.split(separator: "\n").filter { $0.hasPrefix("#static") }
        #expect(!load(lines.map { $0.dropFirst() }.joined(separator: "\n")).errors.isEmpty)
    }
}
