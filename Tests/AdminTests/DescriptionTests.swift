import FoundationEssentials
import HTTPTypes
import Testing

@testable import Admin

@Suite("Docs/openapi.yaml and the routes")
struct DescriptionTests {
    /// `get /health`, with the names of the query parameters and whether there is a body, for each operation.
    struct Operation: Hashable, CustomStringConvertible {
        let method: String
        let path: String
        let takesBody: Bool
        let isOpen: Bool

        var description: String { "\(method) \(path) body: \(takesBody) open: \(isOpen)" }
    }

    @Test("Each operation of the description is a route, and each route is described")
    func bothAgree() throws {
        let described = try Self.described()
        let built = Set(
            Route.all.map {
                Operation(
                    method: $0.method.rawValue.lowercased(), path: $0.path, takesBody: $0.takesBody,
                    isOpen: $0.access == .open || $0.access == .page)
            })
        #expect(described.count > 25)
        #expect(described.subtracting(built) == [], "described, and not built")
        #expect(built.subtracting(described) == [], "built, and not described")
        #expect(built.count == Route.all.count, "no route is there twice")
    }

    /// Reads what it needs of the YAML by its indentation, which the file keeps.
    private static func described() throws -> Set<Operation> {
        let file = #filePath.split(separator: "/").dropLast(3).map(String.init).joined(separator: "/")
        let text = try String(contentsOfFile: "/\(file)/Docs/openapi.yaml", encoding: .utf8)
        var operations: Set<Operation> = []
        var (path, method, takesBody, isOpen) = ("", "", false, false)
        func finish() {
            guard !method.isEmpty else { return }
            operations.insert(Operation(method: method, path: path, takesBody: takesBody, isOpen: isOpen))
            (method, takesBody, isOpen) = ("", false, false)
        }
        for line in text.split(separator: "\n") {
            let indentation = line.prefix { $0 == " " }.count
            let word = line.dropFirst(indentation)
            if indentation == 2, word.hasPrefix("/") {
                finish()
                path = String(word.dropLast())
            } else if indentation == 4, ["get:", "post:", "put:", "delete:"].contains(word) {
                finish()
                method = String(word.dropLast())
            } else if indentation == 6, word.hasPrefix("requestBody:") {
                takesBody = true
            } else if indentation == 6, word == "security: []" {
                isOpen = true
            } else if word.hasPrefix("components:") {
                finish()
                break
            }
        }
        return operations
    }
}
