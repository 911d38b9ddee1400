extension LoadReport {
    /// The report as lines of text.
    package var summary: String {
        var lines = ["\(scenario) · \(server) · \(sessions) sessions · \(Figure.decimal(seconds, 1)) s", ""]
        lines += requests.lines(isSetUp: up != nil || down != nil)
        if let up { lines += up.lines("client to peer") }
        if let down { lines += down.lines("peer to client") }
        if let process { lines += process.lines }
        lines.append(Self.line("turnload", "\(Figure.decimal(generator.processors * 100, 0)) % of a processor"))
        if let limit = generator.limit { lines += ["", "turnload may be the limit: \(limit)."] }
        return lines.joined(separator: "\n")
    }

    /// The report in one line.
    package var line: String {
        var parts: [String] = []
        if relayLatency != nil {
            parts.append("\(Figure.grouped(deliveredPacketsPerSecond)) packets/s")
        } else {
            parts.append("\(Figure.grouped(requests.perSecond)) requests/s")
        }
        if let cost = process?.microsecondsPerPacket ?? process?.microsecondsPerRequest {
            parts.append("\(Figure.decimal(cost, 2)) us of server CPU each")
        }
        if latency.count > 0 { parts.append(latency.line) }
        parts.append("turnload \(Figure.decimal(generator.processors * 100, 0)) %")
        return parts.joined(separator: " · ")
    }

    static func line(_ name: String, _ text: String) -> String {
        name + String(repeating: " ", count: max(1, 18 - name.count)) + text
    }
}

extension LoadReport.Requests {
    fileprivate func lines(isSetUp: Bool) -> [String] {
        var lines = [
            LoadReport.line(
                isSetUp ? "set-up" : "requests", "\(succeeded) of \(begun) · \(Figure.grouped(perSecond))/s")
        ]
        if latency.count > 0 { lines.append(LoadReport.line("  latency", latency.line)) }
        for (code, count) in failures.sorted(by: { $0.value > $1.value }) {
            lines.append(LoadReport.line(code == "0" ? "  no answer" : "  error \(code)", "\(count) times"))
        }
        if lostAllocations > 0 { lines.append(LoadReport.line("  lost", "\(lostAllocations) allocations")) }
        return lines
    }
}

extension LoadReport.Direction {
    fileprivate func lines(_ name: String) -> [String] {
        [
            LoadReport.line(
                name,
                "\(Figure.grouped(deliveredPacketsPerSecond)) of \(Figure.grouped(offeredPacketsPerSecond)) packets/s · "
                    + Figure.bits(deliveredBitsPerSecond)),
            LoadReport.line(
                "  loss", "\(lostPackets) (\(Figure.decimal(lossPercent, 3)) %) · \(reorderedPackets) reordered"),
            LoadReport.line("  latency", latency.line),
        ]
    }
}

extension LoadReport.Server {
    fileprivate var lines: [String] {
        var lines = [
            LoadReport.line(
                "server",
                "\(Figure.decimal(processors * 100, 1)) % of a processor, "
                    + "\(Figure.decimal(userPercent, 0)) % of it in its own code")
        ]
        if let cost = microsecondsPerPacket {
            lines.append(LoadReport.line("  per packet", "\(Figure.decimal(cost, 2)) us"))
        }
        if let cost = microsecondsPerRequest {
            lines.append(LoadReport.line("  per request", "\(Figure.decimal(cost, 2)) us"))
        }
        let stages = [residentBytesBefore, residentBytesSetUp, residentBytesAfter].compactMap(\.self).map {
            Figure.bytes(Double($0))
        }
        lines.append(LoadReport.line("  memory", stages.joined(separator: " → ")))
        if let bytes = residentBytesPerMinute {
            lines.append(LoadReport.line("  growth", "\(Figure.bytes(bytes)) a minute"))
        }
        let descriptors = [descriptorsBefore, descriptorsSetUp, descriptorsAfter].compactMap(\.self).map { "\($0)" }
        if !descriptors.isEmpty {
            lines.append(LoadReport.line("  descriptors", descriptors.joined(separator: " → ")))
        }
        if let bytes = residentBytesPerAllocation {
            lines.append(LoadReport.line("  per allocation", "\(Figure.grouped(bytes)) B"))
        }
        return lines
    }
}

extension Distribution {
    /// The usual percentiles in one line.
    fileprivate var line: String {
        let named: [(String, Double)] = [("p50", 50), ("p90", 90), ("p99", 99), ("p99.9", 99.9), ("max", 100)]
        return named.compactMap { name, percentile in
            microseconds(percentile).map { "\(name) \(Figure.microseconds($0))" }
        }.joined(separator: " · ")
    }
}
