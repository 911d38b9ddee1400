extension LoadSample {
    /// One line for the terminal.
    package var progressLine: String {
        var parts = [Figure.decimal(second, 0) + " s", "\(sessions) sessions"]
        if deliveredPerSecond > 0 || offeredPerSecond > 0 {
            parts.append(
                "\(Figure.grouped(deliveredPerSecond)) of \(Figure.grouped(offeredPerSecond)) packets/s")
        } else if requestsPerSecond > 0 {
            parts.append("\(Figure.grouped(requestsPerSecond)) requests/s")
        }
        if median > 0 {
            parts.append("p50 \(Figure.microseconds(median)), p99 \(Figure.microseconds(percentile99))")
        }
        if let serverProcessors { parts.append("server \(Figure.decimal(serverProcessors * 100, 0)) %") }
        if let serverResidentBytes { parts.append(Figure.bytes(Double(serverResidentBytes))) }
        parts.append("turnload \(Figure.decimal(ownProcessors * 100, 0)) %")
        return parts.joined(separator: " · ") + (isMeasured ? "" : " (not measured)")
    }
}
