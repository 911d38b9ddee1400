/// Text for a web page.
enum HTMLText {
    /// The text with what means something in HTML made harmless.
    static func escape(_ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            default: escaped.append(character)
            }
        }
        return escaped
    }

    /// A page that needs nothing but itself, light or dark as its reader has it.
    static func page(title: String, body: [String]) -> String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>\(escape(title))</title>
        <style>
        :root { --paper: #fff; --ink: #1c2330; --faint: #667085; --rule: #e4e7ec;
                --a: #0b6bcb; --b: #c2410c; --c: #15803d; --warn: #b42318; }
        @media (prefers-color-scheme: dark) {
          :root { --paper: #12161d; --ink: #e6e9ef; --faint: #98a2b3; --rule: #2a313c;
                  --a: #60a5fa; --b: #fb923c; --c: #4ade80; --warn: #fda29b; }
        }
        body { font: 16px/1.5 system-ui, sans-serif; background: var(--paper); color: var(--ink);
               max-width: 1344px; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.5rem; margin-bottom: 0; }
        h1 + p, figcaption, th { color: var(--faint); }
        .warning { color: var(--warn); }
        .plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 560px), 1fr)); gap: 1rem; }
        figure { margin: 0; border: 1px solid var(--rule); border-radius: 8px; padding: .5rem; }
        table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; }
        th, td { text-align: right; padding: .3rem .8rem; border-bottom: 1px solid var(--rule); font-weight: 400; }
        th:first-child { text-align: left; }
        .wide { overflow-x: auto; }
        .tables { display: flex; flex-wrap: wrap; column-gap: 3rem; }
        svg { width: 100%; height: auto; display: block; }
        svg text { font-size: 12px; fill: var(--faint); }
        svg .title { font-size: 14px; fill: var(--ink); }
        svg line { stroke: var(--rule); }
        svg polyline { fill: none; stroke-width: 2; stroke-linejoin: round; }
        svg .s0 { stroke: var(--a); } svg .s1 { stroke: var(--b); } svg .s2 { stroke: var(--c); }
        svg text.t0 { fill: var(--a); } svg text.t1 { fill: var(--b); } svg text.t2 { fill: var(--c); }
        </style>
        </head>
        <body>
        \(body.joined(separator: "\n"))
        </body>
        </html>

        """
    }

    /// A table; the first cell of a row names it.
    static func table(_ heads: [String], _ rows: [[String]]) -> String {
        let head = heads.map { "<th>\(escape($0))</th>" }.joined()
        let body = rows.map { row in
            let cells = row.dropFirst().map { "<td>\(escape($0))</td>" }.joined()
            return "<tr><th>\(escape(row.first ?? ""))</th>\(cells)</tr>"
        }
        return "<div class=\"wide\"><table><tr>\(head)</tr>\n\(body.joined(separator: "\n"))\n</table></div>"
    }
}
