/// Servers that were given the same load in turn, round after round, and how the first of them did beside each of the
/// others. Only rounds compare: the machine changes from one to the next.
package struct Comparison: Codable, Sendable {
    /// How the first server did, in parts of what another did: the median of all rounds and the extremes.
    package struct Ratio: Codable, Sendable {
        package var median: Double
        package var lowest: Double
        package var highest: Double
    }

    /// One figure of all servers.
    package struct Row: Codable, Sendable {
        package var metric: String
        package var unit: String
        /// The median of all rounds, for each server.
        package var values: [Double]
        /// The first server beside each of the others.
        package var ratios: [Ratio]
    }

    package var scenario: String
    package var names: [String]
    package var rounds: Int
    package var rows: [Row]
    /// Rounds in which the load and not the server may have been the limit, for each server.
    package var limitedRounds: [Int]

    /// Compares the reports of each server, one for each round.
    package init(_ names: [String], _ reports: [[LoadReport]]) {
        self.names = names
        scenario = reports.first?.first?.scenario ?? ""
        rounds = reports.map(\.count).min() ?? 0
        limitedRounds = reports.map { $0.count { $0.generator.limit != nil } }
        rows = Metric.all.compactMap { Row($0, reports) }
    }

    /// A figure that reports can be compared by.
    struct Metric {
        let name: String
        let unit: String
        let value: @Sendable (LoadReport) -> Double?

        static let all: [Metric] = [
            Metric(name: "CPU per packet", unit: "us") { $0.process?.microsecondsPerPacket },
            Metric(name: "CPU per request", unit: "us") { $0.process?.microsecondsPerRequest },
            Metric(name: "packets", unit: "/s") { $0.relayLatency == nil ? nil : $0.deliveredPacketsPerSecond },
            Metric(name: "requests", unit: "/s") { $0.relayLatency == nil ? $0.requests.perSecond : nil },
            Metric(name: "latency p50", unit: "us") { $0.latency.microseconds(50) },
            Metric(name: "latency p99", unit: "us") { $0.latency.microseconds(99) },
            Metric(name: "latency p99.9", unit: "us") { $0.latency.microseconds(99.9) },
            Metric(name: "memory per allocation", unit: "B") { $0.process?.residentBytesPerAllocation },
        ]
    }
}

extension Comparison.Row {
    /// A row; nil when some report lacks the figure.
    init?(_ metric: Comparison.Metric, _ reports: [[LoadReport]]) {
        let figures = reports.map { $0.compactMap(metric.value) }
        guard let first = figures.first, !first.isEmpty, figures.allSatisfy({ $0.count == first.count }) else {
            return nil
        }
        self.metric = metric.name
        unit = metric.unit
        values = figures.map(\.median)
        ratios = figures.dropFirst().map { other in
            let rounds = zip(first, other).filter { $1 != 0 }.map { $0 / $1 }
            return Comparison.Ratio(
                median: rounds.median, lowest: rounds.min() ?? .nan, highest: rounds.max() ?? .nan)
        }
    }
}

extension [Double] {
    /// The middle value, or the mean of the two in the middle; not a number when there is none.
    var median: Double {
        let sorted = self.sorted()
        guard let last = sorted.indices.last else { return .nan }
        return (sorted[last / 2] + sorted[(last + 1) / 2]) / 2
    }
}
