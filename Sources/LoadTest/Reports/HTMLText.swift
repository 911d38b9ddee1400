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
        :root { --paper: #f7f5ef; --ink: #1b282d; --faint: #5d6a6c; --rule: #dcd8cb;
                --a: #0b6c76; --b: #a8551f; --c: #6b7f1d; --warn: #a3282e; }
        @media (prefers-color-scheme: dark) {
          :root { --paper: #10181b; --ink: #e3e7e2; --faint: #94a3a4; --rule: #2a373b;
                  --a: #58bcc3; --b: #e39a63; --c: #b3c46a; --warn: #f0868a; }
        }
        * { box-sizing: border-box; }
        body { font: 15px/1.55 system-ui, sans-serif; background: var(--paper); color: var(--ink);
               max-width: 1216px; margin: 2.2rem auto 4rem; padding: 0 18px; }
        h1 { font-size: 27px; font-weight: 600; letter-spacing: -.018em; line-height: 1.2; margin: 0; }
        p { margin: .4rem 0; }
        h1 + p, th { color: var(--faint); }
        .warning { color: var(--warn); }
        .tables { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 540px), 1fr));
                  gap: 1.2rem 3.5rem; margin: 1.6rem 0; }
        .wide { overflow-x: auto; }
        table { width: 100%; font-size: 14px; border-collapse: collapse; font-variant-numeric: tabular-nums; white-space: nowrap; }
        th, td { text-align: right; padding: .35rem 0 .35rem .7rem; border-bottom: 1px solid var(--rule);
                 font-weight: 400; }
        th:first-child { text-align: left; padding-left: 0; }
        tr:first-child th { font-size: 12px; }
        tr:first-child th:first-child { color: var(--ink); font-size: 14px; font-weight: 600; }
        .plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr));
                 gap: 1.6rem 3.5rem; }
        figure { margin: 0; padding-top: 1rem; border-top: 1px solid var(--rule); }
        svg { width: 100%; height: auto; display: block; }
        svg text { font-size: 12px; fill: var(--faint); }
        svg .title { font-size: 14px; font-weight: 600; fill: var(--ink); }
        svg line { stroke: var(--rule); }
        svg polyline { fill: none; stroke-width: 2; stroke-linejoin: round; }
        svg .s0 { stroke: var(--a); } svg .s1 { stroke: var(--b); } svg .s2 { stroke: var(--c); }
        svg .t0 { fill: var(--a); } svg .t1 { fill: var(--b); } svg .t2 { fill: var(--c); }
        </style>
        </head>
        <body>
        \(body.joined(separator: "\n"))
        </body>
        </html>

        """
    }

    /// A table; the first cell of a row names it. A dash stands where there is nothing to tell.
    static func table(_ heads: [String], _ rows: [[String]]) -> String {
        let head = heads.map { "<th>\(escape($0))</th>" }.joined()
        let body = rows.map { row in
            let cells = row.dropFirst().map { "<td>\($0.isEmpty ? "–" : escape($0))</td>" }.joined()
            return "<tr><th>\(escape(row.first ?? ""))</th>\(cells)</tr>"
        }
        return "<div class=\"wide\"><table><tr>\(head)</tr>\n\(body.joined(separator: "\n"))\n</table></div>"
    }
}
