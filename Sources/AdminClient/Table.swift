/// Rows and columns for a terminal. Where it is too narrow, the widest columns give way first.
package struct Table {
    private let titles: [String]
    private let rows: [[String]]
    private static let gap = 2
    private static let narrowest = 6

    /// A table of any rows; each has as many cells as there are titles.
    package init(_ titles: [String], rows: [[String]]) {
        self.titles = titles
        self.rows = rows
    }

    /// A table of JSON objects: for each column its title and the path of its value.
    package init(_ objects: [JSONValue], _ columns: [(title: String, path: String)]) {
        self.init(columns.map(\.title), rows: objects.map { object in columns.map { object[$0.path]?.shown ?? "" } })
    }

    /// The lines, each at most so many characters wide; nil for as wide as they are.
    package func lines(width: Int?) -> [String] {
        var widths = titles.indices.map { column in
            ([titles] + rows).map { $0[column].count }.max() ?? 0
        }
        if let width { Self.narrow(&widths, to: width) }
        return ([titles] + rows).map { row in
            var line = ""
            for (cell, width) in zip(row, widths) {
                let shown = cell.count > width ? cell.prefix(max(width - 1, 0)) + "…" : cell[...]
                line += shown + String(repeating: " ", count: width - shown.count + Self.gap)
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    private static func narrow(_ widths: inout [Int], to width: Int) {
        while widths.reduce(0, +) + gap * (widths.count - 1) > width {
            guard let widest = widths.indices.max(by: { widths[$0] < widths[$1] }), widths[widest] > narrowest else {
                return
            }
            widths[widest] -= 1
        }
    }
}
