/// A JSON object for people: one line for each value, its names joined by dots.
package struct Listing {
    private let value: JSONValue

    /// A listing of a value.
    package init(_ value: JSONValue) { self.value = value }

    /// The lines, with the values in one column.
    package var lines: [String] {
        var entries: [(String, String)] = []
        collect(value, under: "", into: &entries)
        let width = entries.map(\.0.count).max() ?? 0
        return entries.map { $0.0 + String(repeating: " ", count: width - $0.0.count + 2) + $0.1 }
    }

    private func collect(_ value: JSONValue, under name: String, into entries: inout [(String, String)]) {
        func joined(_ next: String) -> String { name.isEmpty ? next : "\(name).\(next)" }
        switch value {
        case .object(let members):
            for (key, member) in members.sorted(by: { $0.key < $1.key }) {
                collect(member, under: joined(key), into: &entries)
            }
        case .list(let elements) where elements.contains(where: { if case .object = $0 { true } else { false } }):
            for (index, element) in elements.enumerated() {
                collect(element, under: joined("\(index)"), into: &entries)
            }
        default:
            entries.append((name, value.shown))
        }
    }
}
