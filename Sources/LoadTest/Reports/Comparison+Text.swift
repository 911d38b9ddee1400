extension Comparison {
    /// The comparison as a table.
    package var table: String {
        let heads = ["", "unit"] + names + names.dropFirst().map { "\(names[0])/\($0)" } + [""]
        let cells = rows.map { row in
            [row.metric, row.unit] + row.values.map(Figure.short) + row.ratios.map { Figure.decimal($0.median, 2) }
                + [
                    row.ratios.map { "\(Figure.decimal($0.lowest, 2))-\(Figure.decimal($0.highest, 2))" }.joined(
                        separator: ", ")
                ]
        }
        let widths = heads.indices.map { column in ([heads] + cells).map { $0[column].count }.max() ?? 0 }
        var lines = ([heads] + cells).map { row in
            zip(row, widths).enumerated().map { column, cell in
                let space = String(repeating: " ", count: cell.1 - cell.0.count)
                return column == 0 ? cell.0 + space : space + cell.0
            }.joined(separator: "  ")
        }
        lines.append("")
        lines.append("\(rounds) rounds; medians, and the lowest and highest ratio of a round.")
        for (name, count) in zip(names, limitedRounds) where count > 0 {
            lines.append("turnload may have been the limit in \(count) rounds of \(name).")
        }
        return lines.joined(separator: "\n")
    }
}
