extension LoadReport {
    /// A line for each second, under a line of names.
    package var csv: String {
        let names = [
            "second", "measured", "sessions", "requests_per_second", "offered_packets_per_second",
            "delivered_packets_per_second", "latency_p50_us", "latency_p99_us", "server_processors",
            "turnload_processors", "server_resident_bytes",
        ]
        let lines = samples.map { sample in
            [
                Figure.decimal(sample.second, 3), sample.isMeasured ? "1" : "0", "\(sample.sessions)",
                Figure.decimal(sample.requestsPerSecond, 1), Figure.decimal(sample.offeredPerSecond, 1),
                Figure.decimal(sample.deliveredPerSecond, 1), Figure.decimal(sample.median, 1),
                Figure.decimal(sample.percentile99, 1),
                sample.serverProcessors.map { Figure.decimal($0, 4) } ?? "",
                Figure.decimal(sample.ownProcessors, 4), sample.serverResidentBytes.map { "\($0)" } ?? "",
            ].joined(separator: ",")
        }
        return ([names.joined(separator: ",")] + lines).joined(separator: "\n") + "\n"
    }
}
