import Glibc

extension LoadReport {
    /// The report as one web page.
    package var html: String {
        let title = "turnload \(scenario)"
        var body = [
            "<h1>\(HTMLText.escape(title))</h1>",
            "<p>\(HTMLText.escape(server)) · \(sessions) sessions · \(Figure.decimal(seconds, 1)) s measured</p>",
        ]
        if let limit = generator.limit {
            body.append("<p class=\"warning\">turnload may be the limit: \(HTMLText.escape(limit)).</p>")
        }
        body += ["<div class=\"tables\">", latencyTable, figureTable, "</div>"]
        body.append("<div class=\"plots\">")
        body += [throughputPlot, latencyPlot, percentilePlot, processorPlot, memoryPlot].map(\.markup)
        body.append("</div>")
        return HTMLText.page(title: title, body: body)
    }

    // MARK: - Tables

    private var latencyTable: String {
        let columns: [(String, Double)] = [("p50", 50), ("p90", 90), ("p99", 99), ("p99.9", 99.9), ("max", 100)]
        let rows = distributions.map { name, distribution in
            [name] + columns.map { distribution.microseconds($0.1).map(Figure.microseconds) ?? "" }
        }
        return HTMLText.table(["latency"] + columns.map(\.0), rows)
    }

    private var figureTable: String {
        var rows: [[String]] = []
        for (name, direction) in [("client to peer", up), ("peer to client", down)] {
            guard let direction else { continue }
            rows.append([
                name, Figure.grouped(direction.offeredPacketsPerSecond) + " /s",
                Figure.grouped(direction.deliveredPacketsPerSecond) + " /s",
                Figure.bits(direction.deliveredBitsPerSecond),
                "\(direction.lostPackets) (\(Figure.decimal(direction.lossPercent, 3)) %)",
                "\(direction.reorderedPackets)",
            ])
        }
        var tables: [String] = []
        if !rows.isEmpty {
            tables.append(HTMLText.table(["relayed", "offered", "delivered", "payload", "lost", "reordered"], rows))
        }
        let failures = requests.failures.sorted { $0.key < $1.key }.map { code, count in
            (code == "0" ? "no answer" : "error \(code)") + ": \(count)"
        }
        tables.append(
            HTMLText.table(
                ["requests", "begun", "succeeded", "per second", "failures"],
                [
                    [
                        scenario, "\(requests.begun)", "\(requests.succeeded)", Figure.grouped(requests.perSecond),
                        failures.joined(separator: ", "),
                    ]
                ]))
        if let process { tables.append(process.table) }
        return tables.joined(separator: "\n")
    }

    private var distributions: [(String, Distribution)] {
        let all = [
            ("client to peer", up?.latency), ("peer to client", down?.latency), ("requests", requests.latency),
        ]
        return all.compactMap { name, distribution in
            distribution.flatMap { $0.count > 0 ? (name, $0) : nil }
        }
    }

    // MARK: - Plots

    private func series(_ name: String, _ value: (LoadSample) -> Double?) -> SVGPlot.Series {
        SVGPlot.Series(name: name, points: samples.compactMap { sample in value(sample).map { (sample.second, $0) } })
    }

    private var throughputPlot: SVGPlot {
        let isRelaying = up != nil || down != nil
        return SVGPlot(
            title: isRelaying ? "packets/s" : "requests/s", xTitle: "seconds",
            series: isRelaying
                ? [series("offered") { $0.offeredPerSecond }, series("delivered") { $0.deliveredPerSecond }]
                : [series("succeeded") { $0.requestsPerSecond }], yLabel: Figure.grouped)
    }

    private var latencyPlot: SVGPlot {
        SVGPlot(
            title: "latency", xTitle: "seconds",
            series: [series("p50") { $0.median }, series("p99") { $0.percentile99 }],
            yLabel: Figure.microseconds)
    }

    /// The curve of the percentiles: each step to the right is a tenth of the packets left.
    private var percentilePlot: SVGPlot {
        let series = distributions.map { name, distribution in
            SVGPlot.Series(
                name: name,
                points: distribution.percentiles.filter { $0.percentile < 100 }.map {
                    (-log10(1 - $0.percentile / 100), $0.microseconds)
                })
        }
        return SVGPlot(
            title: "latency that so many percent do not exceed", xTitle: "percent", series: series,
            yLabel: Figure.microseconds,
            xLabel: { ["0", "90", "99", "99.9", "99.99", "99.999"][Int($0.rounded())] }, xTicks: [0, 1, 2, 3, 4, 5])
    }

    private var processorPlot: SVGPlot {
        SVGPlot(
            title: "processors busy", xTitle: "seconds",
            series: [series("server") { $0.serverProcessors }, series("turnload") { $0.ownProcessors }]
                .filter { !$0.points.isEmpty }, yLabel: Figure.short)
    }

    private var memoryPlot: SVGPlot {
        SVGPlot(
            title: "memory of the server", xTitle: "seconds",
            series: [series("resident") { $0.serverResidentBytes.map { Double($0) / 1_048_576 } }],
            yLabel: { Figure.short($0) + " MiB" })
    }
}

extension LoadReport.Server {
    fileprivate var table: String {
        HTMLText.table(
            ["server", "processors", "own code", "per packet", "per request", "memory", "per allocation"],
            [
                [
                    "process", Figure.decimal(processors, 2), Figure.decimal(userPercent, 0) + " %",
                    microsecondsPerPacket.map(Figure.microseconds) ?? "",
                    microsecondsPerRequest.map(Figure.microseconds) ?? "",
                    Figure.bytes(Double(residentBytesSetUp)), residentBytesPerAllocation.map(Figure.bytes) ?? "",
                ]
            ])
    }
}
